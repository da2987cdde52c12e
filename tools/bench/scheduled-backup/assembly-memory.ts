import type { S3Client } from '@aws-sdk/client-s3';
import { toLines, type Entry } from '../../../lambda/scheduled-backup/manifest';
import { assembleManifest } from '../../../lambda/scheduled-backup/manifest-assembly';

const batchItems = 100;
const day = '1970-01-01';
const run = 'bench';

const entry = (key: string): Entry => ({
  status: 'copied',
  key,
  version: 'v'.repeat(32),
  copyVersion: 'v'.repeat(32),
  size: 1,
  etag: 'e'.repeat(32),
  checksum: { algorithm: 'CRC64NVME', value: 'c'.repeat(12) },
});

/** Returns the largest heap in megabytes that assembling the manifest of so many objects uses. */
export async function peakHeapOfAssembly(objects: number, collectGarbage: () => void): Promise<number> {
  let peak = 0;
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const client = generatedJournal(objects, () => {
    collectGarbage();
    peak = Math.max(peak, process.memoryUsage().heapUsed - before);
  });
  const store = { client, signal: new AbortController().signal };
  await assembleManifest(
    { day, run, scheduledTime: '', startedAt: '', resumed: false, verifyOnly: false, partsPrefix: '' },
    {
      journal: { ...store, bucket: 'journal' },
      backup: { ...store, bucket: 'backup' },
      partEntries: 1_000,
      hasTimeLeft: () => true,
    },
  );
  return peak / 1024 ** 2;
}

/** Client whose records are generated when they are read, and whose writes are discarded, so that it holds nothing itself. */
function generatedJournal(objects: number, onWrite: () => void): Pick<S3Client, 'send'> {
  const record = (index: number): string =>
    toLines(Array.from({ length: batchItems }, (_, item) => entry(`some/folder/object-${index * batchItems + item}`)));
  const send = (command: { readonly input: { readonly Key?: string; readonly ContinuationToken?: string } }) => {
    const { Key, ContinuationToken = '0' } = command.input;
    if (Key === undefined) return Promise.resolve(page(Number(ContinuationToken), objects / batchItems));
    if (command.constructor.name === 'PutObjectCommand') {
      onWrite();
      return Promise.resolve({});
    }
    if (Key.endsWith('failures.json')) return Promise.reject(Object.assign(new Error('absent'), { name: 'NoSuchKey' }));
    const text = Key === 'lock.json' ? JSON.stringify({ run, execution: '', day }) : record(Number(Key));
    return Promise.resolve({ Body: { transformToString: () => Promise.resolve(text) } });
  };
  return { send } as Pick<S3Client, 'send'>;
}

function page(start: number, records: number): object {
  const end = Math.min(start + 1_000, records);
  return {
    Contents: Array.from({ length: end - start }, (_, index) => ({ Key: String(start + index) })),
    ...(end < records ? { NextContinuationToken: String(end) } : {}),
  };
}
