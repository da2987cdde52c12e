import { readOptions, tell } from '../../operations/restore';

it('a day is all that a restore needs', () => {
  expect(readOptions(['--day', '2026-11-20'])).toEqual({
    request: { day: '2026-11-20', prefix: '', dryRun: false, overwrite: false },
    verify: false,
    stage: 'sandbox',
  });
});

it('what is given goes into the request', () => {
  const args = ['--day', '2026-11-20', '--prefix', 'a b/', '--target', 'bucket', '--dry-run', '--overwrite'];
  expect(readOptions([...args, '--stage', 'prod', '--outputs', 'o.json'])).toEqual({
    request: { day: '2026-11-20', prefix: 'a b/', targetBucket: 'bucket', dryRun: true, overwrite: true },
    verify: false,
    stage: 'prod',
    outputs: 'o.json',
  });
});

it.each([
  [[], /--day is missing: use one such as 2026-11-20/],
  [['--day', 'yesterday'], /'yesterday' is no day/],
  [['--day', '2026-02-30'], /'2026-02-30' is no day/],
  [['--day', '2026-11-20', '--stage', 'qa'], /unknown --stage 'qa'/],
  [['--day', '2026-11-20', '--verify', '--prefix', 'a'], /--verify looks at a whole day/],
  [['2026-11-20'], /received '2026-11-20'/],
  [['--days', '2026-11-20'], /--help lists the options/],
])('%j is refused with the fix', (args, said) => {
  expect(() => readOptions(args)).toThrow(said);
});

it('--help asks for help', () => {
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
  alike: 2,
  kept: 1,
  failed: 0,
  bytes: 99,
  findings: [],
};

it('a restore that is done says what was restored', () => {
  expect(tell({ status: 'SUCCEEDED', output: JSON.stringify(report) }, false)).toEqual({
    text: '3 restored to source (99 bytes), 2 alike already, 1 kept as they are',
    good: true,
  });
});

it('a backup that is incomplete is said to be', () => {
  const incomplete = JSON.stringify({ ...report, backupStatus: 'incomplete' });
  expect(tell({ status: 'SUCCEEDED', output: incomplete }, false).text).toMatch(/itself is incomplete/);
});

it("a function's error is told by its message", () => {
  const cause = JSON.stringify({ errorType: 'UnusableRequest', errorMessage: 'targetBucket is none' });
  expect(tell({ status: 'FAILED', error: 'UnusableRequest', cause }, false)).toEqual({
    text: 'FAILED (UnusableRequest): targetBucket is none',
    good: false,
  });
});
