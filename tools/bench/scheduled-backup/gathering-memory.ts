import { gather } from '../../../lambda/scheduled-backup/gathering';
import { toLines, type Entry } from '../../../lambda/scheduled-backup/manifest';

const batchItems = 100;

/** Megabytes that gathering holds of so many objects, at the most: records come from nowhere and parts go nowhere. */
export async function heapOfGathering(number: number, collect: () => void): Promise<number> {
  const entry = (key: string): Entry => ({
    status: 'copied',
    key,
    version: 'v'.repeat(32),
    copyVersion: 'v'.repeat(32),
    size: 1,
    etag: 'e'.repeat(32),
    checksum: { algorithm: 'CRC64NVME', value: 'c'.repeat(12) },
  });
  const record = (index: number) =>
    toLines(Array.from({ length: batchItems }, (_, item) => entry(`some/folder/object-${index * batchItems + item}`)));
  const lock = { text: JSON.stringify({ run: 'bench', execution: '', day: '' }), etag: '' };
  let peak = 0;
  collect();
  const before = process.memoryUsage().heapUsed;
  await gather(
    {
      day: '1970-01-01',
      run: 'bench',
      scheduledTime: '',
      startedAt: '',
      resumed: false,
      verifyOnly: false,
      partsPrefix: '',
    },
    {
      journal: {
        read: (key) =>
          Promise.resolve(
            key === 'lock.json' ? lock : { text: record(Number(key.slice(key.lastIndexOf('/') + 1))), etag: '' },
          ),
        async *pages(under) {
          const all = number / batchItems;
          for (let start = 0; start < all; start += 1_000) {
            await Promise.resolve();
            yield Array.from({ length: Math.min(1_000, all - start) }, (_, index) => `${under}${start + index}`);
          }
        },
      },
      backup: {
        write: () => {
          collect();
          peak = Math.max(peak, process.memoryUsage().heapUsed - before);
          return Promise.resolve();
        },
      },
      partEntries: 1_000,
      hasTime: () => true,
    },
  );
  return peak / 1024 ** 2;
}
