import { S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { copySource, headSource, readSource, type Source } from '../../../../lambda/etl-pipeline/adapters/s3-source';
import { FileRefusedError } from '../../../../lambda/etl-pipeline/errors';
import { FakeS3 } from '../../../fakes/fake-s3';
import { s3Refusal } from '../../../fakes/s3-responses';

let s3: FakeS3;
beforeEach(() => {
  s3 = new FakeS3({ incoming: 'Enabled', plain: 'Off' });
});

const sourceOf = (key: string, versionId?: string, bucket = 'incoming'): Source => ({
  client: new S3Client(s3.clientConfig),
  bucket,
  key,
  signal: new AbortController().signal,
  ...(versionId === undefined ? {} : { versionId }),
});

async function collect(blocks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const block of blocks) all.push(block);
  return Buffer.concat(all);
}

const large = Buffer.alloc(20_000_000, 'each byte tells its place, since 251 is prime: '.padEnd(251, 'x'));

it('a file is read in ranges of its version, from any byte on', async () => {
  // The fake counts checksums byte by byte, which takes seconds here.
  const versionId = s3.put('incoming', 'k', { body: large, checksums: 'none' });
  s3.put('incoming', 'k', 'a newer version');
  const source = sourceOf('k', versionId);
  expect((await collect(readSource(source, large.length))).equals(large)).toBe(true);
  expect((await collect(readSource(source, large.length, 9_000_000))).equals(large.subarray(9_000_000))).toBe(true);
  expect(s3.requests.map(({ headers }) => headers['range'])).toEqual([
    'bytes=0-8388607',
    'bytes=8388608-16777215',
    'bytes=16777216-19999999',
    'bytes=9000000-17388607',
    'bytes=17388608-19999999',
  ]);
});

it('of a server that ignores the range, only the range is taken', async () => {
  const versionId = s3.put('incoming', 'k', 'complete');
  s3.after = () => ({ status: 200, headers: { 'content-length': '8' }, body: Readable.from(['complete']) });
  expect(String(await collect(readSource(sourceOf('k', versionId), 8, 5)))).toBe('ete');
});

it('a body that breaks off is read again', async () => {
  const versionId = s3.put('incoming', 'k', 'complete');
  let broken = 0;
  s3.after = () => {
    if (broken++ > 1) return undefined;
    const body = new Readable({
      read() {
        this.push('comp');
        this.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
      },
    });
    return { status: 206, headers: { 'content-length': '8' }, body };
  };
  expect(String(await collect(readSource(sourceOf('k', versionId), 8)))).toBe('complete');
  expect(broken).toBe(3);
});

it('an error that another attempt does not clear is thrown at once', async () => {
  s3.put('incoming', 'k', 'x');
  s3.before = () => s3Refusal('AccessDenied', 403);
  await expect(collect(readSource(sourceOf('k', 'v'), 1))).rejects.toMatchObject({ name: 'AccessDenied' });
  expect(s3.requests).toHaveLength(1);
});

it('a version that was deleted refuses the file', async () => {
  await expect(collect(readSource(sourceOf('gone'), 1))).rejects.toThrow(FileRefusedError);
});

it.each([
  ['GLACIER', undefined],
  ['INTELLIGENT_TIERING', 'ARCHIVE_ACCESS'],
])('a version archived in %s is refused with what to do, and not copied', async (storageClass, archiveStatus) => {
  const archived = { body: 'cold', storageClass, ...(archiveStatus === undefined ? {} : { archiveStatus }) };
  const source = sourceOf('k', s3.put('incoming', 'k', archived));
  await expect(collect(readSource(source, 4))).rejects.toThrow('restore this version, then replay it');
  await expect(collect(readSource(source, 4))).rejects.toThrow(FileRefusedError);
  expect(await copySource(source, 4, 'quarantine/x')).toBe(false);
  const restored = sourceOf('k', s3.put('incoming', 'k', { ...archived, isRestored: true }));
  expect(String(await collect(readSource(restored, 4)))).toBe('cold');
});

it('the head has version, size and time; a file that is gone has none', async () => {
  const versionId = s3.put('incoming', 'k', 'text');
  expect(await headSource(sourceOf('k'))).toMatchObject({ versionId, bytes: 4 });
  expect(await headSource(sourceOf('gone'))).toBeUndefined();
});

it('a bucket without versions is an error, since its files could change while they are read', async () => {
  s3.put('plain', 'k', 'x');
  await expect(headSource(sourceOf('k', undefined, 'plain'))).rejects.toThrow('bucket plain is not versioned');
});

it('a copy names the version, whatever is in the key', async () => {
  const key = 'incoming/products/a b+c%20ü?.csv';
  const versionId = s3.put('incoming', key, 'first');
  s3.put('incoming', key, 'second');
  expect(await copySource(sourceOf(key, versionId), 5, 'quarantine/x')).toBe(true);
  expect(s3.text('incoming', 'quarantine/x')).toBe('first');
});

it('a copy has no tags and annotations, which would take permissions of their own', async () => {
  const versionId = s3.put('incoming', 'k', 'x');
  await copySource(sourceOf('k', versionId), 1, 'quarantine/x');
  expect(s3.requests.at(-1)?.headers).toMatchObject({
    'x-amz-tagging-directive': 'REPLACE',
    'x-amz-object-annotation-directive': 'EXCLUDE',
  });
});

it('a version that was deleted meanwhile is not copied, and no error', async () => {
  expect(await copySource(sourceOf('gone'), 5, 'quarantine/x')).toBe(false);
});

it('a file above 5 GB is not copied', async () => {
  expect(await copySource(sourceOf('k'), 5 * 1_024 ** 3 + 1, 'quarantine/x')).toBe(false);
  expect(s3.requests).toEqual([]);
});
