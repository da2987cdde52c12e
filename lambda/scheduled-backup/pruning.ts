import { daysBefore, isDay, type Day } from './day';
import { manifestsPrefix, summaryKey, summarySchema } from './manifest';
import type { Texts } from './s3-journal';

export interface PruneDesk {
  readonly backup: Pick<Texts, 'read' | 'folders' | 'pages' | 'remove'>;
  readonly retentionDays: number;
  readonly hasTime: () => boolean;
}

export interface Pruned {
  readonly days: readonly Day[];
  /** There is more to remove. */
  readonly again: boolean;
}

/** The days to remove: older than the retention, counted from the day that was just backed up, and never the one to keep. */
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
 * Removes the backups of expired days, oldest first: each day's manifest before its copies, so that a day that has one is
 * whole. Versions go later, by the bucket's lifecycle.
 */
export async function prune(today: Day, { backup, retentionDays, hasTime }: PruneDesk): Promise<Pruned> {
  const manifests = (await backup.folders(manifestsPrefix)).map(withoutSlash);
  const days = [...(await backup.folders('')).map(withoutSlash), ...manifests];
  const newest = await newestComplete(manifests, backup);
  const removed: Day[] = [];
  for (const day of expiredDays(days, today, retentionDays, newest)) {
    for (const prefix of [`${manifestsPrefix}${day}/`, `${day}/`]) {
      for await (const keys of backup.pages(prefix)) {
        if (!hasTime()) return { days: removed, again: true };
        await backup.remove(keys);
      }
    }
    removed.push(day);
  }
  return { days: removed, again: false };
}

async function newestComplete(days: readonly string[], backup: Pick<Texts, 'read'>): Promise<Day | undefined> {
  for (const day of days.filter(isDay).sort().reverse()) {
    const written = await backup.read(summaryKey(day));
    if (written !== undefined && summarySchema.parse(JSON.parse(written.text)).status === 'complete') return day;
  }
  return undefined;
}

function withoutSlash(folder: string): string {
  return folder.replace(/\/$/, '');
}
