import * as z from 'zod/mini';
import { backupRunSchema } from './backup-start';
import { recordsPrefix, requireLock } from './journal';
import { inLanes } from './lanes';
import { count, countsSchema, fromLines, noCounts, partKey, toLines, type Counts, type Entry } from './manifest';
import type { Texts } from './s3-journal';

/** How far the manifest is written: what one call leaves to the next. */
export const gatheredSchema = z.object({
  counts: countsSchema,
  parts: z.number(),
  /** The last record that is in a part. */
  after: z.optional(z.string()),
  /** There are more records. */
  again: z.boolean(),
});

export type Gathered = z.output<typeof gatheredSchema>;

export const gatherRequestSchema = z.extend(backupRunSchema, { gathered: z.optional(gatheredSchema) });

/** A backup's run, and how far its manifest is. */
export type GatherRun = z.output<typeof gatherRequestSchema>;

export interface GatherDesk {
  readonly journal: Pick<Texts, 'read' | 'pages'>;
  readonly backup: Pick<Texts, 'write'>;
  readonly partEntries: number;
  readonly hasTime: () => boolean;
}

/** Records read at once: each holds a batch. */
const readAtOnce = 32;

/**
 * Puts what was recorded of each batch together to the parts of the manifest, in the order of keys.
 *
 * Holds one part and 32 batches at most, however many objects there are; near the end of its time it stops after a whole
 * part, and the next call goes on.
 */
export async function gather({ day, run, gathered }: GatherRun, desk: GatherDesk): Promise<Gathered> {
  await requireLock(desk.journal, run);
  let counts: Counts = gathered?.counts ?? noCounts;
  let parts = gathered?.parts ?? 0;
  let after = gathered?.after;
  let part: Entry[] = [];
  const flush = async (): Promise<void> => {
    if (part.length === 0) return;
    parts += 1;
    await desk.backup.write(partKey(day, run, parts), toLines(part), 'application/x-ndjson');
    counts = count(counts, part);
    part = [];
  };

  for await (const keys of desk.journal.pages(recordsPrefix(run), after)) {
    for (let start = 0; start < keys.length; start += readAtOnce) {
      const some = keys.slice(start, start + readAtOnce);
      const texts = await inLanes(some, readAtOnce, (key) => desk.journal.read(key));
      for (const [index, written] of texts.entries()) {
        part.push(...fromLines(written?.text ?? ''));
        after = some[index];
        if (part.length >= desk.partEntries) await flush();
      }
      if (!desk.hasTime()) {
        await flush();
        return { counts, parts, ...(after === undefined ? {} : { after }), again: true };
      }
    }
  }
  await flush();
  return { counts, parts, again: false };
}
