import fc from 'fast-check';
import { daysBefore } from '../../../lambda/scheduled-backup/day';
import { summaryKey } from '../../../lambda/scheduled-backup/manifest';
import { expiredDays, pruneBackups } from '../../../lambda/scheduled-backup/pruning';
import { FakeS3 } from './fake-s3';
import { storeIn } from './test-buckets';

const today = '2026-11-21';

let s3: FakeS3;
beforeEach(() => {
  s3 = new FakeS3();
});

function putBackups(days: Readonly<Record<string, 'complete' | 'incomplete' | 'none'>>): void {
  for (const [day, status] of Object.entries(days)) {
    for (const key of ['a', 'b/c']) s3.put('backup', `${day}/${key}`);
    const summary = {
      day,
      status,
      run: 'r',
      scheduledTime: '',
      startedAt: '',
      finishedAt: '',
      source: '',
      parts: { prefix: `_manifests/${day}/r/`, count: 1 },
      counts: { copied: 2, skipped: 0, failed: 0, bytes: 2 },
      mismatched: 0,
      findings: [],
    };
    if (status !== 'none') s3.put('backup', summaryKey(day), { body: JSON.stringify(summary) });
  }
}

const prune = (hasTimeLeft = () => true) =>
  pruneBackups(today, { backup: storeIn(s3, 'backup'), retentionDays: 35, hasTimeLeft });

const daysLeft = (): string[] =>
  [...new Set(s3.keys('backup').map((key) => /\d{4}-\d\d-\d\d/.exec(key)?.[0] ?? key))].sort();

it('days older than the retention are removed with their manifests, and the others stay', async () => {
  const kept = daysBefore(today, 35);
  putBackups({
    [today]: 'complete',
    [kept]: 'complete',
    [daysBefore(today, 36)]: 'complete',
    '2020-01-01': 'none',
  });
  expect(await prune()).toEqual({ days: ['2020-01-01', daysBefore(today, 36)], hasMore: false });
  expect(daysLeft()).toEqual([kept, today]);
});

it('the newest complete day stays, however old it is', async () => {
  putBackups({ '2020-01-01': 'complete', '2020-01-02': 'complete', '2020-01-03': 'incomplete' });
  await prune();
  expect(daysLeft()).toEqual(['2020-01-02']);
});

it('pruning that runs out of time continues in the next invocation, the manifest first', async () => {
  putBackups({ [today]: 'complete', '2020-01-01': 'complete' });
  let checks = 0;
  expect(await prune(() => checks++ < 1)).toMatchObject({ hasMore: true });
  expect(s3.keys('backup').filter((key) => key.includes('2020-01-01'))).toEqual(['2020-01-01/a', '2020-01-01/b/c']);
  expect(await prune()).toMatchObject({ hasMore: false });
  expect(daysLeft()).toEqual([today]);
});

it('a name that is not a day is never removed', () => {
  expect(expiredDays(['_manifests', 'x', '2020-1-1', '1999-02-30'], today, 1, undefined)).toEqual([]);
});

it('no day within the retention and no day to keep is ever expired', () => {
  const days = fc.array(fc.integer({ min: -10, max: 400 }).map((age) => daysBefore(today, age)));
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 100 }), fc.nat(), (all, retentionDays, pick) => {
      const keep = all[pick % Math.max(1, all.length)];
      const expired = expiredDays(all, today, retentionDays, keep);
      expect(expired.filter((day) => day >= daysBefore(today, retentionDays) || day === keep)).toEqual([]);
    }),
  );
});
