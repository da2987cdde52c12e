import fc from 'fast-check';
import { codePoint } from '../../../code-points';
import { setTimeout as sleep } from 'node:timers/promises';
import { createS3Client } from '../../../../lambda/shared/s3-client';
import {
  copyObject,
  copyObjectInParts,
  copySource,
  headObject,
  s3Limits,
  type WriteCondition,
} from '../../../../lambda/scheduled-backup/adapters/s3-objects';
import type { NewObject } from '../../../fakes/s3-bucket';
import { BackupS3 } from '../backup-s3';

let s3: BackupS3;
beforeEach(() => {
  s3 = new BackupS3();
});

it('a copy source decodes to its key and version, whatever the key', () => {
  const key = fc.string({ unit: codePoint, minLength: 1 });
  fc.assert(
    fc.property(key, fc.option(fc.string({ minLength: 1 }), { nil: undefined }), (name, versionId) => {
      const text = copySource({ bucket: 'b', key: name, ...(versionId === undefined ? {} : { versionId }) });
      const [path = '', query] = text.split('?');
      expect(decodeURIComponent(path)).toBe(`b/${name}`);
      expect(query === undefined ? undefined : decodeURIComponent(query)).toBe(
        versionId === undefined ? undefined : `versionId=${versionId}`,
      );
      expect(text).toMatch(/^[\x21-\x7e]+$/);
    }),
  );
});

const source = { bucket: 'source', key: 'a+b' };
const ref = { bucket: 'backup', key: 'day/a+b' };
const body = 'x'.repeat(25);

/** Puts a source, and copies it in one request or in parts of ten bytes. */
async function copy(
  object: NewObject,
  way: 'one request' | 'parts',
  replaces?: WriteCondition,
): Promise<string | undefined> {
  const versionId = s3.put('source', 'a+b', { body, ...object });
  const from = { ...source, versionId };
  const head = (await headObject(s3.access, from))!;
  const target = { ref, storageClass: 'STANDARD_IA', ...(replaces === undefined ? {} : { replaces }) };
  return way === 'parts'
    ? copyObjectInParts(s3.access, from, head, target, { tags: object.tags ?? {}, bytes: 10 })
    : copyObject(s3.access, from, head, target);
}

const ways = ['one request', 'parts'] as const;

const everything = {
  headers: {
    'content-type': 'image/png',
    'content-encoding': 'gzip',
    'content-language': 'de',
    'content-disposition': 'inline',
    'cache-control': 'no-store',
    'x-amz-website-redirect-location': '/x',
  },
  metadata: { m: '1' },
  tags: { 'a b': 'c&d' },
};

it.each(ways)('a copy in %s has the bytes, headers, metadata, tags and checksum of its source', async (way) => {
  const versionId = await copy(everything, way);
  const found = s3.object('backup', ref.key);
  expect(found).toMatchObject({ versionId, storageClass: 'STANDARD_IA', tags: everything.tags });
  expect(found?.headers).toEqual({ ...everything.headers, 'x-amz-meta-m': '1' });
  expect(found?.body.toString()).toBe(body);
  expect(found?.checksums).toEqual(s3.object('source', 'a+b')?.checksums);
});

it.each(['Sat, 21 Nov 2026 00:00:00 GMT', '0', '-1', 'never', 'Thu, 01-Jan-1970 00:00:01 GMT'])(
  'the header Expires %j survives both ways of copying',
  async (expires) => {
    for (const way of ways) {
      await copy({ headers: { expires } }, way);
      expect(s3.object('backup', ref.key)?.headers['expires']).toBe(expires);
    }
  },
);

it.each([
  ['an encoded word, as S3 returns it', '=?UTF-8?B?Y2Fmw6k=?=', '=?UTF-8?B?Y2Fmw6k=?='],
  ['raw bytes of UTF-8', Buffer.from('café').toString('latin1'), '=?UTF-8?B?Y2Fmw6k=?='],
])('metadata of %s is passed on as an encoded word', async (_kind, value, sent) => {
  await copy({ metadata: { m: value } }, 'parts');
  expect(s3.object('backup', ref.key)?.headers['x-amz-meta-m']).toBe(sent);
});

it('long metadata is split into encoded words of at most 75 characters', async () => {
  const text = 'Ünïcödé 日本語 🏖️ '.repeat(10);
  await copy({ metadata: { m: Buffer.from(text).toString('latin1') } }, 'parts');
  const words = s3.object('backup', ref.key)?.headers['x-amz-meta-m']?.split(' ') ?? [];
  expect(Math.max(...words.map((word) => word.length))).toBeLessThanOrEqual(75);
  const decoded = words.map((word) => Buffer.from(word.slice('=?UTF-8?B?'.length, -2), 'base64').toString());
  expect(decoded.join('')).toBe(text);
});

it.each(ways)('a copy in %s is of the version and ETag that HEAD answered for', async (way) => {
  const versionId = s3.put('source', 'a+b', { body });
  const from = { ...source, versionId };
  const head = { ...(await headObject(s3.access, from))!, etag: 'other' };
  const target = { ref, storageClass: 'STANDARD' };
  const copying =
    way === 'parts'
      ? copyObjectInParts(s3.access, from, head, target, { tags: {}, bytes: 10 })
      : copyObject(s3.access, from, head, target);
  await expect(copying).rejects.toMatchObject({ name: 'PreconditionFailed' });
});

it('a copy in one request leaves annotations out, as one in parts does', async () => {
  await copy({}, 'one request');
  const request = s3.requests.find(({ operation }) => operation === 'CopyObject');
  expect(request?.headers['x-amz-object-annotation-directive']).toBe('EXCLUDE');
});

it('the parts of a copy cover the object', async () => {
  await copy({}, 'parts');
  const parts = s3.requests.filter(({ operation }) => operation === 'UploadPartCopy');
  expect(parts.map(({ query, headers }) => [query.get('partNumber'), headers['x-amz-copy-source-range']])).toEqual([
    ['1', 'bytes=0-9'],
    ['2', 'bytes=10-19'],
    ['3', 'bytes=20-24'],
  ]);
});

it.each(ways)('a copy in %s replaces only what it may', async (way) => {
  await copy({}, way, 'nothing');
  await expect(copy({}, way, 'nothing')).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(copy({}, way, { etag: 'other' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  const { etag = '' } = s3.object('backup', ref.key) ?? {};
  await copy({ body: 'newer' }, way, { etag });
  expect(s3.text('backup', ref.key)).toBe('newer');
  s3.deleteCurrent('backup', ref.key);
  await copy({}, way, 'nothing');
});

it('tags that a multipart upload has lost are set on the copy, and others are not set again', async () => {
  s3.after = ({ operation }) => {
    if (operation === 'CompleteMultipartUpload') s3.bucket('backup').setTags(s3.object('backup', ref.key)!, {});
    return undefined;
  };
  await copy({ tags: { a: 'b' } }, 'parts');
  expect(s3.tags('backup', ref.key)).toEqual({ a: 'b' });
  s3.after = () => undefined;
  s3.requests.length = 0;
  await copy({ tags: { a: 'b' } }, 'parts');
  expect(s3.operations).not.toContain('PutObjectTagging');
});

it('a multipart copy that fails is aborted, so that its parts are not billed', async () => {
  s3.refuse('UploadPartCopy', ref.key, ['InternalError', 500]);
  await expect(copy({}, 'parts')).rejects.toMatchObject({ name: 'InternalError' });
  expect(s3.uploads.open).toEqual([]);
});

it('the parts of sixteen objects share one limit of requests in flight', async () => {
  const before = { ...process.env };
  Object.assign(process.env, await s3.listen(), {
    AWS_REGION: 'r',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
  });
  const client = createS3Client({ ...s3Limits, maxInFlight: 20 });
  const keys = Array.from({ length: 16 }, (_, index) => `object ${index}`);
  for (const key of keys) s3.put('source', key, { body });
  const head = (await headObject(s3.access, { bucket: 'source', key: 'object 0' }))!;
  let inFlight = 0;
  let most = 0;
  s3.before = async () => {
    most = Math.max(most, ++inFlight);
    await sleep(20);
    inFlight -= 1;
    return undefined;
  };
  await Promise.all(
    keys.map((key) => {
      const target = { ref: { bucket: 'backup', key }, storageClass: 'STANDARD' };
      const parts = { tags: {}, bytes: 5 };
      return copyObjectInParts({ ...s3.access, client }, { bucket: 'source', key }, head, target, parts);
    }),
  );
  client.destroy();
  await s3.close();
  process.env = before;
  expect(s3.requested('UploadPartCopy')).toHaveLength(80);
  expect(most).toBeGreaterThan(10);
  expect(most).toBeLessThanOrEqual(20);
  // A function has 1,024 file descriptors: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  expect(s3Limits.maxInFlight).toBeLessThanOrEqual(512);
});
