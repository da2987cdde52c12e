import * as z from 'zod/mini';
import { RecordScanner, type RawRecord } from './record-scanner';

export const checkpointSchema = z.object({
  /** Place in the text from which the split goes on. */
  offset: z.number(),
  line: z.number(),
  /** Chunks and rows before it. */
  parts: z.number(),
  rows: z.number(),
  finished: z.boolean(),
});

export type Checkpoint = z.output<typeof checkpointSchema>;

export const beginning: Checkpoint = { offset: 0, line: 1, parts: 0, rows: 0, finished: false };

export interface SplitOptions {
  readonly delimiter: string | undefined;
  readonly hasHeader: boolean;
  readonly maximumRecordBytes: number;
  /** Least bytes of a chunk's records. */
  readonly chunkBytes: number;
}

export interface SplitEffects {
  readonly writeChunk: (part: number, records: readonly RawRecord[]) => Promise<void>;
  readonly saveCheckpoint: (checkpoint: Checkpoint) => Promise<void>;
  readonly hasTimeLeft: () => boolean;
}

/**
 * Cuts a text into chunks of whole records, from a checkpoint on, and saves one after each chunk.
 *
 * Chunks depend on the text alone: one that is written again after a crash is the same. Ends early when time runs out.
 *
 * @param text from the checkpoint's offset on, in UTF-8
 */
export async function split(
  text: AsyncIterable<Buffer>,
  from: Checkpoint,
  options: SplitOptions,
  { writeChunk, saveCheckpoint, hasTimeLeft }: SplitEffects,
): Promise<Checkpoint> {
  const scanner = new RecordScanner(options, from);
  let { parts, rows } = from;
  let isHeader = options.hasHeader && from.offset === 0;
  let records: RawRecord[] = [];
  let bytes = 0;
  const flush = async (finished: boolean): Promise<Checkpoint> => {
    if (records.length > 0) await writeChunk(++parts, records);
    rows += records.length;
    records = [];
    bytes = 0;
    const { offset, line } = scanner.position;
    const checkpoint = { offset, line, parts, rows, finished };
    await saveCheckpoint(checkpoint);
    return checkpoint;
  };
  for await (const block of text) {
    for (const record of scanner.push(block)) {
      if (isHeader) {
        isHeader = false;
        continue;
      }
      records.push(record);
      bytes += record.raw.length;
      if (bytes < options.chunkBytes) continue;
      const checkpoint = await flush(false);
      if (!hasTimeLeft()) return checkpoint;
    }
  }
  for (const record of scanner.end()) if (!isHeader) records.push(record);
  return flush(true);
}
