import pMap from 'p-map';
import { deleteKeys, type FailedDeletion } from './adapters/s3-deletions';
import { listFolders, listKeys, newestModification, readText, type TextStore } from './adapters/s3-text-store';
import { isDay, type Day } from './day';
import { copyKey, manifestsPrefix, parseSummary, summaryKey } from './manifest';

export interface PruningDependencies {
  readonly backup: TextStore;
  readonly retentionDays: number;
  readonly now: () => Date;
  readonly hasTimeLeft: () => boolean;
}

export interface Pruned {
  /** Days whose objects are all removed. */
  readonly days: readonly Day[];
  /** Objects that S3 did not delete. */
  readonly failed: readonly FailedDeletion[];
  readonly hasMore: boolean;
}

/** Day in the Backup bucket. */
export interface StoredDay {
  readonly day: Day;
  /** Time at which its backup finished, or at which the newest known object of an unfinished one was written. */
  readonly madeAt: Date;
  /** All copies were made, and none was found different since. */
  readonly complete: boolean;
  readonly copied: number;
}

const millisecondsPerDay = 86_400_000;

/**
 * Returns the days to remove, oldest first: those whose backup was made longer ago than the retention.
 *
 * The age is that of the backup by the clock, never that of the day's name, which a person may have mistyped. The newest complete
 * day always stays. So do the newest complete one with objects and the newest one with objects, in case newer backups found the
 * source empty.
 */
export function expiredDays(days: readonly StoredDay[], now: Date, retentionDays: number): Day[] {
  const newestFirst = days.toSorted((one, other) => other.madeAt.getTime() - one.madeAt.getTime());
  const kept = [
    newestFirst.find(({ complete }) => complete)?.day,
    newestFirst.find(({ complete, copied }) => complete && copied > 0)?.day,
    newestFirst.find(({ copied }) => copied > 0)?.day,
  ];
  const oldestKept = now.getTime() - retentionDays * millisecondsPerDay;
  return newestFirst
    .filter(({ day, madeAt }) => madeAt.getTime() < oldestKept && !kept.includes(day))
    .map(({ day }) => day)
    .toReversed();
}

/**
 * Removes the backups of expired days, and each day's manifest before its copies, so that a day with a manifest is whole. An object
 * that cannot be removed stops no other. The bucket's lifecycle removes the noncurrent versions later.
 */
export async function pruneBackups(dependencies: PruningDependencies): Promise<Pruned> {
  const { backup, retentionDays, now, hasTimeLeft } = dependencies;
  const removed: Day[] = [];
  const failed: FailedDeletion[] = [];
  for (const day of expiredDays(await storedDays(backup), now(), retentionDays)) {
    const failedBefore = failed.length;
    for (const prefix of [`${manifestsPrefix}${day}/`, copyKey(day, '')]) {
      const time = { isOver: false };
      const pages = pagesUntil(listKeys(backup, prefix), () => (time.isOver = !hasTimeLeft()));
      failed.push(...(await pMap(pages, (keys) => deleteKeys(backup, keys), { concurrency: pagesAtOnce })).flat());
      if (time.isOver) return { days: removed, failed, hasMore: true };
    }
    if (failed.length === failedBefore) removed.push(day);
  }
  return { days: removed, failed, hasMore: false };
}

/** Pages of a thousand keys deleted at once: S3 takes 3,500 deletions a second for a prefix. */
const pagesAtOnce = 3;

async function* pagesUntil<Page>(pages: AsyncIterable<Page>, isOver: () => boolean): AsyncIterable<Page> {
  for await (const page of pages) {
    if (isOver()) return;
    yield page;
  }
}

const readConcurrency = 16;

async function storedDays(backup: TextStore): Promise<StoredDay[]> {
  const folders = [...(await listFolders(backup, '')), ...(await listFolders(backup, manifestsPrefix))];
  const days = [...new Set(folders.map((folder) => folder.replace(/\/$/, '')))].filter(isDay);
  const stored = await pMap(days, (day) => storedDay(backup, day), { concurrency: readConcurrency });
  return stored.filter((day) => day !== undefined);
}

async function storedDay(backup: TextStore, day: Day): Promise<StoredDay | undefined> {
  const stored = await readText(backup, summaryKey(day));
  const summary = stored === undefined ? undefined : parseSummary(stored.text);
  if (summary !== undefined) {
    const { status, counts, finishedAt } = summary;
    return { day, madeAt: new Date(finishedAt), complete: status === 'complete', copied: counts.copied };
  }
  const times = await Promise.all(
    [`${manifestsPrefix}${day}/`, copyKey(day, '')].map((prefix) => newestModification(backup, prefix)),
  );
  const newest = Math.max(...times.map((time) => time?.getTime() ?? -Infinity));
  return Number.isFinite(newest) ? { day, madeAt: new Date(newest), complete: false, copied: 0 } : undefined;
}
