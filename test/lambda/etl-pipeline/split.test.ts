import fc from 'fast-check';
import { totalLoads, totalTransformations } from '../../../lambda/etl-pipeline/accounting';
import type { RawRecord } from '../../../lambda/etl-pipeline/record-scanner';
import { beginning, split, type Checkpoint } from '../../../lambda/etl-pipeline/split';

const options = { delimiter: ',', hasHeader: true, maximumRecordBytes: 200, chunkBytes: 20 };

async function* blocksOf(text: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += size) yield await Promise.resolve(text.subarray(at, at + size));
}

/** Splits a text, and starts again from the last checkpoint after each crash or end of time. */
async function splitAll(text: Buffer, { block = 64, crashes = [] as readonly number[], chunksATime = Infinity } = {}) {
  const chunks = new Map<number, readonly RawRecord[]>();
  const checkpoints: Checkpoint[] = [beginning];
  let writes = 0;
  for (let attempt = 0; attempt < 1_000; attempt++) {
    let chunksLeft = chunksATime;
    const from = checkpoints.at(-1)!;
    try {
      const end = await split(blocksOf(text.subarray(from.offset), block), from, options, {
        writeChunk: (part, records) => {
          chunks.set(part, records);
          chunksLeft--;
          if (crashes.includes(writes++)) throw new Error('killed');
          return Promise.resolve();
        },
        saveCheckpoint: (checkpoint) => {
          checkpoints.push(checkpoint);
          if (crashes.includes(writes++)) throw new Error('killed');
          return Promise.resolve();
        },
        hasTimeLeft: () => chunksLeft > 0,
      });
      if (end.finished) return { chunks, end };
    } catch (error) {
      if (!(error instanceof Error && error.message === 'killed')) throw error;
    }
  }
  throw new Error('the split does not end');
}

const field = fc.constantFrom('a', '"b\nc"', 'é', 'long text of a field', '');
const line = fc.tuple(field, field).map(([one, other]) => `${one},${other}`);
const text = fc.array(line, { maxLength: 30 }).map((lines) => Buffer.from(['x,y', ...lines].join('\n')));

it('a split that is killed anywhere, or runs out of time, ends with the chunks of one that is not', async () => {
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.integer({ min: 1, max: 64 }),
      fc.array(fc.nat({ max: 30 })),
      fc.integer({ min: 1, max: 3 }),
      async (file, block, crashes, chunksATime) => {
        const whole = await splitAll(file);
        const interrupted = await splitAll(file, { block, crashes, chunksATime });
        expect(interrupted.chunks).toEqual(whole.chunks);
        expect(interrupted.end).toEqual(whole.end);
      },
    ),
  );
});

it('every record after the header is in one chunk, and the checkpoint counts them', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (file) => {
      const { chunks, end } = await splitAll(file);
      const lines = [...chunks.values()].flat().map(({ line: number }) => number);
      expect(lines).toEqual([...new Set(lines)].sort((one, other) => one - other));
      expect(end).toMatchObject({ parts: chunks.size, rows: lines.length, finished: true, offset: file.length });
    }),
  );
});

it('a file with a header alone has no chunks', async () => {
  const { chunks, end } = await splitAll(Buffer.from('x,y\n'));
  expect(chunks.size).toBe(0);
  expect(end).toMatchObject({ parts: 0, rows: 0, finished: true });
});

it('as many chunks as 10 GB have, split by several invocations, add up', async () => {
  const parts = Math.ceil(10e9 / (4_096 * 1_024));
  // Of 21 bytes with its line end, so that each record fills a chunk of the test.
  const record = (index: number): string => `${String(index).padStart(10, '0')},abcdefghi`;
  const file = Buffer.from(['x,y', ...Array.from({ length: parts }, (_, index) => record(index))].join('\n'));
  const { chunks, end } = await splitAll(file, { block: 4_096, chunksATime: 500 });
  expect(end).toMatchObject({ parts: 2_385, rows: 2_385, finished: true });
  const counts = [...chunks].map(([part, { length: rows }]) => ({
    part,
    rows,
    staged: rows,
    rejected: 0,
    reasons: {},
  }));
  const transformed = totalTransformations(end, counts);
  const loads = counts.map(({ part, rows: loaded }) => ({ part, loaded, unchanged: 0, older: 0 }));
  expect(totalLoads(end, transformed, loads)).toEqual({ loaded: 2_385, unchanged: 0, older: 0 });
});
