import { beginBackup } from '../../../lambda/scheduled-backup/backup-start';
import { summaryKey, type Summary } from '../../../lambda/scheduled-backup/manifest';
import { s3Refusal } from '../../fakes/s3-responses';
import { BackupS3, day } from './backup-s3';

const request = { scheduledTime: `${day}T00:00:00Z` };
const summary: Summary = {
  day,
  status: 'complete',
  run: 'before',
  scheduledTime: request.scheduledTime,
  startedAt: '',
  finishedAt: `${day}T01:00:00Z`,
  source: 'source',
  parts: { prefix: `_manifests/${day}/before/`, count: 1 },
  counts: { copied: 1, skipped: 0, failed: 0, bytes: 1 },
  mismatched: 0,
  findings: [],
};

let s3: BackupS3;
beforeEach(() => {
  s3 = new BackupS3();
  s3.put('source', 'a key');
});

const begin = (
  name: string,
  { running = [], ...more }: { running?: string[]; [field: string]: unknown } = {},
  timeZone = 'UTC',
) =>
  beginBackup(
    { request: { ...request, ...more }, execution: { id: `arn:${name}`, name, startedAt: 'now' } },
    {
      timeZone,
      region: 'eu-west-1',
      now: () => new Date(`${day}T00:00:30Z`),
      journal: s3.store('journal'),
      backup: s3.store('backup'),
      source: s3.store('source'),
      isRunning: async (execution) => running.includes(execution),
    },
  );

const putSummary = (change: Partial<Summary> = {}) =>
  s3.put('backup', summaryKey(day), { body: JSON.stringify({ ...summary, ...change }) });

it('copies a day without a backup', async () => {
  expect(await begin('one')).toMatchObject({ decision: 'copy', day, run: 'one', resumed: false });
});

it('makes one backup of two starts at the same time', async () => {
  const running = ['arn:one', 'arn:two'];
  const starts = await Promise.all([begin('one', { running }), begin('two', { running })]);
  expect(starts.map(({ decision }) => decision).sort()).toEqual(['copy', 'nothing']);
});

it('does nothing for a day that is complete', async () => {
  putSummary();
  expect(await begin('two')).toMatchObject({ decision: 'nothing' });
});

it('repairs an incomplete day from its manifest', async () => {
  putSummary({ status: 'incomplete' });
  s3.remove('source', 'a key');
  expect(await begin('two')).toMatchObject({ decision: 'repair', repairedPrefix: summary.parts.prefix });
});

it('copies a day whose summary cannot be read, and keeps its copies', async () => {
  s3.put('backup', summaryKey(day), { body: '{' });
  s3.put('backup', `${day}/a key`);
  expect(await begin('two')).toMatchObject({ decision: 'copy', resumed: true });
});

it('refuses another day while a run is still running', async () => {
  const running = ['arn:one', 'arn:two'];
  await begin('one', { running });
  const next = await begin('two', { running, scheduledTime: '2026-11-22T00:00:00Z' });
  expect(next).toMatchObject({ decision: 'refuse', reason: `run one of ${day} is still running` });
});

it('resumes after a stopped run, which no longer holds the lock', async () => {
  await begin('one');
  s3.put('backup', `${day}/a key`);
  expect(await begin('two')).toMatchObject({ decision: 'copy', resumed: true });
});

it('keeps its lock when the step is retried', async () => {
  const running = ['arn:one'];
  await begin('one', { running });
  expect(await begin('one', { running })).toMatchObject({ decision: 'copy' });
});

it('goes straight to the manifest for an empty source', async () => {
  s3.remove('source', 'a key');
  expect(await begin('one')).toMatchObject({ decision: 'write-manifest' });
});

it('verifies the existing parts of a day', async () => {
  putSummary();
  const start = await begin('one', { verifyOnly: true });
  expect(start).toMatchObject({ decision: 'verify', partsPrefix: summary.parts.prefix });
});

it('verifies and repairs the day that is named, whatever the time zone has become', async () => {
  putSummary();
  const named = { scheduledTime: undefined, day };
  // 10:00 on the day before.
  const timeZone = 'Pacific/Honolulu';
  expect(await begin('one', { ...named, verifyOnly: true }, timeZone)).toMatchObject({ decision: 'verify', day });
  putSummary({ status: 'incomplete' });
  expect(await begin('one', named, timeZone)).toMatchObject({ decision: 'repair', day });
  expect(await begin('one', { verifyOnly: false }, timeZone)).toMatchObject({ day: '2026-11-20' });
});

it.each([301, 400, 403])('refuses a source in another region and names the fix: status %s', async (status) => {
  const elsewhere = { 'x-amz-bucket-region': 'us-west-2' };
  s3.intercept((operation) =>
    operation === 'HeadBucket' ? s3Refusal('any', status, { method: 'HEAD' }, elsewhere) : undefined,
  );
  await expect(begin('one')).rejects.toMatchObject({
    name: 'InvalidRequestError',
    message: expect.stringMatching(
      /^bucket 'source' is in us-west-2, but the stack is in eu-west-1: deploy the stack in us-west-2/,
    ) as unknown,
  });
});

it('verifies a backup whose source has moved to another region', async () => {
  s3 = new BackupS3({ regions: { source: 'us-west-2' } });
  putSummary();
  expect(await begin('one', { verifyOnly: true })).toMatchObject({ decision: 'verify' });
});

it('repairs a day whose source bucket is gone', async () => {
  s3 = new BackupS3({ regions: { source: 'us-west-2' } });
  putSummary({ status: 'incomplete' });
  expect(await begin('one')).toMatchObject({ decision: 'repair' });
});

it.each([
  ['AccessDenied', 403],
  ['NoSuchBucket', 404],
] as const)('names the source bucket where S3 answers %s without a body', async (code, status) => {
  s3.intercept((operation) => (operation === 'HeadBucket' ? s3Refusal(code, status, { method: 'HEAD' }) : undefined));
  await expect(begin('one')).rejects.toMatchObject({
    name: 'StorageFailedError',
    message: `S3 answered HEAD of bucket 'source' with status ${status}: check its name and its policy`,
  });
});

it('refuses to verify a day without a backup', async () => {
  await expect(begin('one', { verifyOnly: true })).rejects.toMatchObject({ name: 'InvalidRequestError' });
});

it('backs up tomorrow, which it is already in other time zones', async () => {
  expect(await begin('one', { scheduledTime: '2026-11-22T00:00:00Z' })).toMatchObject({ decision: 'copy' });
});

it.each(['2026-11-23T00:00:00Z', '2062-11-21T00:00:00Z', '9999-12-31T00:00:00Z'])(
  'refuses the time %s, which is after tomorrow',
  async (scheduledTime) => {
    await expect(begin('one', { scheduledTime })).rejects.toThrow(/is in the future: use a day until 2026-11-22/);
    expect(s3.keys('journal')).toEqual([]);
  },
);

it.each([
  { scheduledTime: undefined },
  { scheduledTime: 'today' },
  { scheduledTime: '2026-11-21' },
  { ...request, more: 1 },
  { ...request, day },
  { scheduledTime: undefined, day: '2026-02-30' },
])('refuses the input %j with the reason', async (wrong) => {
  await expect(begin('one', wrong)).rejects.toMatchObject({ name: 'InvalidRequestError' });
});
