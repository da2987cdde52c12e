import fc from 'fast-check';
import { addDays } from '../../../lambda/scheduled-backup/day';
import { summaryKey } from '../../../lambda/scheduled-backup/manifest';
import { expiredDays, pruneBackups, type StoredDay } from '../../../lambda/scheduled-backup/pruning';
import { BackupS3 } from './backup-s3';

const today = '2026-11-21';
const now = new Date(`${today}T03:00:00Z`);

let s3: BackupS3;
beforeEach(() => {
  // Only the time of day, by which the fake dates objects.
  jest.useFakeTimers({
    advanceTimers: true,
    doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout', 'setInterval'],
  });
  s3 = new BackupS3();
});
afterEach(() => jest.useRealTimers());

interface Backup {
  readonly status?: 'complete' | 'incomplete' | 'unfinished';
  /** @default the day itself */
  readonly madeOn?: string;
  readonly keys?: readonly string[];
}

function putBackup(day: string, { status = 'complete', madeOn = day, keys = ['a', 'b/c'] }: Backup = {}): void {
  jest.setSystemTime(new Date(`${madeOn}T00:30:00Z`));
  for (const key of keys) s3.put('backup', `${day}/${key}`);
  s3.put('backup', `_manifests/${day}/r/part-000001.ndjson`);
  const summary = {
    day,
    status,
    run: 'r',
    scheduledTime: '',
    startedAt: '',
    finishedAt: `${madeOn}T01:00:00Z`,
    source: '',
    parts: { prefix: `_manifests/${day}/r/`, count: 1 },
    counts: { copied: keys.length, skipped: 0, failed: 0, bytes: 2 },
    mismatched: 0,
    findings: [],
  };
  if (status !== 'unfinished') s3.put('backup', summaryKey(day), { body: JSON.stringify(summary) });
}

const prune = (hasTimeLeft = () => true) =>
  pruneBackups({ backup: s3.store('backup'), retentionDays: 35, now: () => now, hasTimeLeft });

const daysLeft = (): string[] =>
  [...new Set(s3.keys('backup').map((key) => /\d{4}-\d\d-\d\d/.exec(key)?.[0] ?? key))].sort();

it('backups older than the retention are removed with their manifests, and the others stay', async () => {
  const kept = addDays(today, -34);
  const expired = addDays(today, -36);
  putBackup('2020-01-01', { status: 'unfinished' });
  for (const day of [expired, kept, today]) putBackup(day);
  expect(await prune()).toEqual({ days: ['2020-01-01', expired], failed: [], hasMore: false });
  expect(daysLeft()).toEqual([kept, today]);
});

it('a backup made under a mistyped day removes no other, and expires by when it was made', async () => {
  const days = [addDays(today, -2), addDays(today, -1), today];
  for (const day of days) putBackup(day);
  putBackup('2062-11-21', { madeOn: today });
  putBackup('1962-11-21', { madeOn: today });
  putBackup('1985-01-01', { madeOn: addDays(today, -40) });
  expect(await prune()).toMatchObject({ days: ['1985-01-01'] });
  expect(daysLeft()).toEqual(['1962-11-21', ...days, '2062-11-21']);
});

it('an unfinished backup expires by its newest object', async () => {
  putBackup('2020-01-01', { status: 'unfinished', madeOn: addDays(today, -40) });
  putBackup('2020-01-02', { status: 'unfinished', madeOn: addDays(today, -1) });
  putBackup(today);
  expect(await prune()).toMatchObject({ days: ['2020-01-01'] });
});

it('a summary that cannot be read makes no day complete', async () => {
  putBackup('2020-01-01');
  s3.put('backup', summaryKey('2020-01-02'), { body: '{' });
  await prune();
  expect(daysLeft()).toEqual(['2020-01-01']);
});

it('the newest complete day stays, however old it is', async () => {
  putBackup('2020-01-01');
  putBackup('2020-01-02');
  putBackup('2020-01-03', { status: 'incomplete', keys: [] });
  await prune();
  expect(daysLeft()).toEqual(['2020-01-02']);
});

it('the last day with objects stays when all newer days are empty', async () => {
  putBackup('2020-01-01');
  putBackup('2020-01-02');
  for (const day of ['2020-01-03', addDays(today, -1), today]) putBackup(day, { keys: [] });
  expect(await prune()).toMatchObject({ days: ['2020-01-01', '2020-01-03'] });
  expect(s3.keys('backup', '2020-01-02/')).toHaveLength(2);
});

it('pruning that runs out of time continues in the next invocation, the manifest first', async () => {
  putBackup('2020-01-01');
  putBackup(today);
  let checks = 0;
  expect(await prune(() => checks++ < 1)).toMatchObject({ hasMore: true });
  expect(s3.keys('backup').filter((key) => key.includes('2020-01-01'))).toEqual(['2020-01-01/a', '2020-01-01/b/c']);
  expect(await prune()).toMatchObject({ hasMore: false });
  expect(daysLeft()).toEqual([today]);
});

it('keys that XML cannot have are removed like the others', async () => {
  putBackup('2020-01-01', { keys: ['plain', 'control\u0001', 'cr\r', '\n', 'lf\n/x', 'tab\t', 'plus+ %2B', '\uffff'] });
  putBackup(today);
  expect(await prune()).toEqual({ days: ['2020-01-01'], failed: [], hasMore: false });
  expect(daysLeft()).toEqual([today]);
});

it('an object that cannot be removed stops no other, and is reported', async () => {
  putBackup('2020-01-01', { keys: ['good', 'locked\u0001'] });
  putBackup('2020-01-02');
  putBackup(today);
  s3.refuse('DeleteObject', 'locked\u0001');
  const failed = [{ key: '2020-01-01/locked\u0001', code: 'AccessDenied' }];
  expect(await prune()).toEqual({ days: ['2020-01-02'], failed, hasMore: false });
  expect(s3.keys('backup').filter((key) => !key.includes(today))).toEqual(['2020-01-01/locked\u0001']);
});

it('folders whose names are not days are never removed', async () => {
  for (const folder of ['x', '2020-1-1', '1999-02-30', '2020-01-01\n']) putBackup(folder, { madeOn: '2020-01-01' });
  putBackup(today);
  expect(await prune()).toMatchObject({ days: [] });
});

it('no backup within the retention is ever expired, nor the newest that is complete or has objects', () => {
  const stored = fc.record({
    age: fc.integer({ min: -10, max: 400 }),
    name: fc.integer({ min: -40_000, max: 40_000 }),
    complete: fc.boolean(),
    copied: fc.nat(2),
  });
  fc.assert(
    fc.property(fc.array(stored), fc.integer({ min: 1, max: 100 }), (records, retentionDays) => {
      const days = records.map(({ age, name, complete, copied }): StoredDay => {
        return { day: addDays(today, name), madeAt: new Date(now.getTime() - age * 86_400_000), complete, copied };
      });
      const expired = new Set(expiredDays(days, now, retentionDays));
      const kept = days.filter(({ day }) => !expired.has(day));
      const newest = (some: readonly StoredDay[]) => Math.max(...some.map(({ madeAt }) => madeAt.getTime()));
      for (const wanted of [
        (one: StoredDay) => one.complete,
        (one: StoredDay) => one.complete && one.copied > 0,
        (one: StoredDay) => one.copied > 0,
      ]) {
        expect(newest(kept.filter(wanted))).toBe(newest(days.filter(wanted)));
      }
      const young = days.filter(({ madeAt }) => now.getTime() - madeAt.getTime() <= retentionDays * 86_400_000);
      const youngDays = new Set(young.map(({ day }) => day));
      // Two records of one day are possible here, and not in a bucket.
      const unique = days.filter(({ day }) => days.filter((one) => one.day === day).length === 1);
      expect(unique.filter(({ day }) => youngDays.has(day) && expired.has(day))).toEqual([]);
    }),
  );
});
