import pMap from 'p-map';
import * as z from 'zod/mini';
import { repeatRead } from '../shared/repeat-read';
import { listKeys, readText, writeText, type TextStore } from './adapters/s3-text-store';
import { backupRunSchema } from './backup-start';
import { failuresKey, failuresSchema, maxFindings, readResult, recordsPrefix, requireLock } from './journal';
import { addToCounts, countsSchema, fromLines, noCounts, partKey, toLines, type Counts, type Entry } from './manifest';

/** Progress of the manifest, which one invocation passes on to the next. */
export const assemblySchema = z.object({
  counts: countsSchema,
  /** Parts written. */
  parts: z.number(),
  /** Last record whose entries are in a part. */
  lastRecord: z.optional(z.string()),
  hasMore: z.boolean(),
});

export type Assembly = z.output<typeof assemblySchema>;

export const assemblyRunSchema = z.extend(backupRunSchema, { assembly: z.optional(assemblySchema) });

/** Run of a backup with the progress of its manifest. */
export type AssemblyRun = z.output<typeof assemblyRunSchema>;

export interface AssemblyDependencies {
  readonly journal: TextStore;
  readonly backup: TextStore;
  readonly partEntries: number;
  readonly hasTimeLeft: () => boolean;
}

/** Records read at once; each holds the entries of one batch. */
const readConcurrency = 32;

/**
 * Assembles the parts of the manifest from the records of all batches, in the order of keys.
 *
 * Holds at most one part and 32 batches in memory, however many objects there are. Near the end of its time it stops after a whole
 * part, and the next invocation continues. The first failed objects are listed for the summary.
 */
export async function assembleManifest(
  { day, run, assembly }: AssemblyRun,
  { journal, backup, partEntries, hasTimeLeft }: AssemblyDependencies,
): Promise<Assembly> {
  await requireLock(journal, run);
  let counts: Counts = assembly?.counts ?? noCounts;
  let parts = assembly?.parts ?? 0;
  let lastRecord = assembly?.lastRecord;
  let part: Entry[] = [];
  // By key, since an attempt whose answer was lost has listed its failures already.
  const listed = (await readResult(journal, failuresKey(run), failuresSchema)) ?? [];
  const failures = new Map(listed.map((failure) => [failure.key, failure]));
  const writePart = async (): Promise<void> => {
    if (part.length === 0) return;
    parts += 1;
    await writeText(backup, partKey(day, run, parts), toLines(part), 'application/x-ndjson');
    counts = addToCounts(counts, part);
    for (const entry of part) {
      if (entry.status !== 'failed' || failures.size >= maxFindings) continue;
      failures.set(entry.key, { key: entry.key, reason: entry.reason });
    }
    part = [];
  };
  const finish = async (hasMore: boolean): Promise<Assembly> => {
    await writePart();
    if (failures.size > 0) await writeText(journal, failuresKey(run), JSON.stringify([...failures.values()]));
    return { counts, parts, ...(hasMore && lastRecord !== undefined ? { lastRecord } : {}), hasMore };
  };

  for await (const keys of listKeys(journal, recordsPrefix(run), lastRecord)) {
    for (let start = 0; start < keys.length; start += readConcurrency) {
      const chunk = keys.slice(start, start + readConcurrency);
      const read = (key: string) => repeatRead(() => readText(journal, key), journal.signal);
      const records = await pMap(chunk, read, { concurrency: readConcurrency });
      for (const [index, record] of records.entries()) {
        part.push(...fromLines(record?.text ?? ''));
        lastRecord = chunk[index];
        if (part.length >= partEntries) await writePart();
      }
      if (!hasTimeLeft()) return finish(true);
    }
  }
  return finish(false);
}
