import { describeEnd, inputOf, readOptions, type Options } from '../../../operations/scheduled-backup/restore';

it('a restore needs only a day', () => {
  expect(readOptions(['--day', '2026-11-20'])).toEqual({
    request: { day: '2026-11-20', prefix: '', dryRun: false, overwrite: false },
    verify: false,
    stage: 'sandbox',
  });
});

it('options become fields of the request', () => {
  const args = ['--day', '2026-11-20', '--prefix', 'a b/', '--target', 'bucket', '--dry-run', '--overwrite'];
  expect(readOptions([...args, '--stage', 'prod', '--outputs', 'o.json'])).toEqual({
    request: { day: '2026-11-20', prefix: 'a b/', targetBucket: 'bucket', dryRun: true, overwrite: true },
    verify: false,
    stage: 'prod',
    outputs: 'o.json',
  });
});

it('a verification names the day itself, which stays the same in another time zone', () => {
  const options = readOptions(['--day', '2026-11-20', '--verify']) as Options;
  expect(inputOf(options)).toEqual({ day: '2026-11-20', verifyOnly: true });
});

it.each([
  [[], /--day is missing: use one such as 2026-11-20/],
  [['--day', 'yesterday'], /'yesterday' is not a day/],
  [['--day', '2026-02-30'], /'2026-02-30' is not a day/],
  [['--day', '2026-11-20', '--stage', 'qa'], /unknown --stage 'qa'/],
  [['--day', '2026-11-20', '--verify', '--prefix', 'a'], /--verify verifies a whole day/],
  [['2026-11-20'], /received '2026-11-20'/],
  [['--days', '2026-11-20'], /--help lists the options/],
])('refuses %j and names the fix', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});

it('--help returns the help', () => {
  expect(readOptions(['--help'])).toBe('help');
});

const report = {
  day: '2026-11-20',
  run: 'one',
  status: 'restored',
  targetBucket: 'source',
  prefix: '',
  dryRun: false,
  overwrite: false,
  backupStatus: 'complete',
  startedAt: '',
  finishedAt: '',
  restored: 3,
  identical: 2,
  kept: 1,
  failed: 0,
  notBackedUp: 0,
  bytes: 99,
  findings: [],
};

it('describes what a restore has restored', () => {
  expect(describeEnd({ status: 'SUCCEEDED', output: JSON.stringify(report) }, false)).toEqual({
    text: '3 restored to source (99 bytes), 2 identical already, 1 kept as they are',
    succeeded: true,
  });
});

it('says that the backup itself is incomplete', () => {
  const incomplete = JSON.stringify({ ...report, backupStatus: 'incomplete' });
  expect(describeEnd({ status: 'SUCCEEDED', output: incomplete }, false).text).toMatch(/itself is incomplete/);
});

it("describes a function's error by its message", () => {
  const cause = JSON.stringify({
    errorType: 'InvalidRequestError',
    errorMessage: 'targetBucket is not a restore target',
  });
  expect(describeEnd({ status: 'FAILED', error: 'InvalidRequestError', cause }, false)).toEqual({
    text: 'FAILED (InvalidRequestError): targetBucket is not a restore target',
    succeeded: false,
  });
});
