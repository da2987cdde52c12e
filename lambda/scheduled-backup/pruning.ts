import { deleteKeys, listFolders, listKeys, readText, type TextStore } from './adapters/s3-text-store';
import { daysBefore, isDay, type Day } from './day';
import { manifestsPrefix, summaryKey, summarySchema } from './manifest';

export interface PruningDependencies {
  readonly backup: TextStore;
  readonly retentionDays: number;
  readonly hasTimeLeft: () => boolean;
}

export interface Pruned {
  readonly days: readonly Day[];
  readonly hasMore: boolean;
}

/** Returns the days to remove: older than the retention, counted from the day just backed up, but never the newest complete one. */
export function expiredDays(
  days: readonly Day[],
  today: Day,
  retentionDays: number,
  newestComplete: Day | undefined,
): Day[] {
  const oldestKept = daysBefore(today, retentionDays);
  return [...new Set(days)].filter((day) => isDay(day) && day < oldestKept && day !== newestComplete).sort();
}

/**
 * Removes the backups of expired days, oldest first, and each day's manifest before its copies, so that a day with a manifest is
 * whole. The bucket's lifecycle removes the noncurrent versions later.
 */
export async function pruneBackups(
  today: Day,
  { backup, retentionDays, hasTimeLeft }: PruningDependencies,
): Promise<Pruned> {
  const manifests = (await listFolders(backup, manifestsPrefix)).map(withoutSlash);
  const days = [...(await listFolders(backup, '')).map(withoutSlash), ...manifests];
  const newestComplete = await findNewestComplete(manifests, backup);
  const removed: Day[] = [];
  for (const day of expiredDays(days, today, retentionDays, newestComplete)) {
    for (const prefix of [`${manifestsPrefix}${day}/`, `${day}/`]) {
      for await (const keys of listKeys(backup, prefix)) {
        if (!hasTimeLeft()) return { days: removed, hasMore: true };
        await deleteKeys(backup, keys);
      }
    }
    removed.push(day);
  }
  return { days: removed, hasMore: false };
}

async function findNewestComplete(days: readonly string[], backup: TextStore): Promise<Day | undefined> {
  for (const day of days.filter(isDay).sort().reverse()) {
    const stored = await readText(backup, summaryKey(day));
    if (stored !== undefined && summarySchema.parse(JSON.parse(stored.text)).status === 'complete') return day;
  }
  return undefined;
}

function withoutSlash(folder: string): string {
  return folder.replace(/\/$/, '');
}
