import { setTimeout as sleep } from 'node:timers/promises';
import { copyBatch, type CopyBatch } from '../../../lambda/scheduled-backup/copy-batch';
import { inLanes } from '../../../lambda/scheduled-backup/lanes';
import type { Head, Objects } from '../../../lambda/scheduled-backup/objects';
import { MemoryObjects } from '../../../test/lambda/scheduled-backup/memory-objects';
import { MemoryTexts } from '../../../test/lambda/scheduled-backup/memory-texts';

/** Objects in memory that answer after so many milliseconds, as S3 does from a function. */
function remoteObjects(objects: MemoryObjects, milliseconds: number): Objects {
  const later = async <Answer>(answer: () => Promise<Answer>): Promise<Answer> => {
    await sleep(milliseconds);
    return answer();
  };
  return {
    head: (place) => later(() => objects.head(place)),
    tags: (place) => later(() => objects.tags(place)),
    copy: (from, head, to) => later(() => objects.copy(from, head, to)),
    copyInParts: (from, head, tags, to) => later(() => objects.copyInParts(from, head, tags, to)),
    readSha256: (place) => later(() => objects.readSha256(place)),
  };
}

export interface Copying {
  readonly objects: number;
  /** That an answer takes. */
  readonly milliseconds: number;
}

/** Copies so many objects as the stack's defaults do, in batches. */
export async function copyInBatches({ objects, milliseconds }: Copying): Promise<void> {
  const { memory, keys } = filled(objects);
  const [batchItems, batchesAtOnce] = [100, 20];
  const items = keys.map((key) => ({ day: '1970-01-01', run: 'bench', resumed: false, key, size: 0 }));
  const groups = Array.from({ length: Math.ceil(objects / batchItems) }, (_, index) =>
    items.slice(index * batchItems, (index + 1) * batchItems),
  );
  const lock = JSON.stringify({ run: 'bench', execution: '', day: '1970-01-01' });
  const signal = new AbortController().signal;
  const desk = {
    objects: remoteObjects(memory, milliseconds),
    sourceBucket: 'source',
    backupBucket: 'backup',
    journal: new MemoryTexts({ 'lock.json': lock }),
    deadline: { hasTime: true, signal },
    lanes: 16,
    multipartThresholdBytes: 5 * 1024 ** 3,
    onFailed: (_: unknown, error: unknown) => {
      throw error;
    },
  };
  await inLanes(groups, batchesAtOnce, (group) =>
    copyBatch({ items: group as unknown as CopyBatch['items'], retried: false }, desk),
  );
  requireAll(memory, objects);
}

/** The loop that people start with: copy, next. */
export async function copyOneByOne({ objects, milliseconds }: Copying): Promise<void> {
  const { memory, keys } = filled(objects);
  const remote = remoteObjects(memory, milliseconds);
  for (const key of keys) {
    // It takes whatever is there: what it would be compared with costs it nothing.
    const head = (await memory.head({ bucket: 'source', key })) as Head;
    await remote.copy({ bucket: 'source', key }, head, { bucket: 'backup', key });
  }
  requireAll(memory, objects);
}

function filled(objects: number): { readonly memory: MemoryObjects; readonly keys: readonly string[] } {
  const memory = new MemoryObjects();
  const keys = Array.from({ length: objects }, (_, index) => `object-${index}`);
  for (const key of keys) memory.put('source', key);
  return { memory, keys };
}

function requireAll(memory: MemoryObjects, objects: number): void {
  if (memory.copies.length !== objects) throw new Error(`${memory.copies.length} of ${objects} objects were copied`);
}
