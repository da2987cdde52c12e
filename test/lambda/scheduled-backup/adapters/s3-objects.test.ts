import fc from 'fast-check';
import { copyObject, copyObjectInParts, copySource } from '../../../../lambda/scheduled-backup/adapters/s3-objects';
import type { ObjectHead } from '../../../../lambda/scheduled-backup/objects';

const signal = new AbortController().signal;

/** Client that answers each command by its name and keeps the requests. */
function fake(answers: Readonly<Record<string, object | Error>>) {
  const sent: { name: string; input: Record<string, unknown> }[] = [];
  const send = async (command: { input: Record<string, unknown> }): Promise<object> => {
    const name = command.constructor.name.replace(/Command$/, '');
    sent.push({ name, input: command.input });
    const given = answers[name] ?? {};
    if (given instanceof Error) throw given;
    return given;
  };
  return { client: { send } as never, sent, inputOf: (name: string) => sent.find((one) => one.name === name)?.input };
}

it('a copy source decodes to its key and version, whatever the key', () => {
  const key = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => text.isWellFormed());
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

const head: ObjectHead = {
  versionId: 'v1',
  etag: 'e',
  size: 25,
  storageClass: 'STANDARD_IA',
  archived: false,
  checksums: [{ algorithm: 'CRC64NVME', value: 'c' }],
  headers: { contentType: 'image/png', cacheControl: 'no-store', websiteRedirectLocation: '/x' },
  metadata: { m: '1' },
};
const from = { bucket: 'source', key: 'a+b', versionId: 'v1' };
const to = { bucket: 'backup', key: 'day/a+b' };

it('a copy in one request is of the version and ETag of HEAD, in the same storage class, with a checksum', async () => {
  const { client, inputOf } = fake({ CopyObject: { VersionId: 'v2' } });
  expect(await copyObject({ client, signal }, from, to, head)).toBe('v2');
  expect(inputOf('CopyObject')).toEqual({
    Bucket: 'backup',
    Key: 'day/a+b',
    CopySource: 'source/a%2Bb?versionId=v1',
    CopySourceIfMatch: '"e"',
    StorageClass: 'STANDARD_IA',
    WebsiteRedirectLocation: '/x',
    ChecksumAlgorithm: 'CRC64NVME',
  });
});

it('a copy in parts has all attributes of the source, and each part is of the version of HEAD', async () => {
  const { client, sent, inputOf } = fake({
    CreateMultipartUpload: { UploadId: 'u' },
    UploadPartCopy: { CopyPartResult: { ETag: 'p', ChecksumCRC64NVME: 'x', LastModified: new Date() } },
    CompleteMultipartUpload: { VersionId: 'v2' },
  });
  expect(await copyObjectInParts({ client, signal }, from, to, { head, tags: { 'a b': 'c&d' }, partBytes: 10 })).toBe(
    'v2',
  );
  expect(inputOf('CreateMultipartUpload')).toMatchObject({
    ContentType: 'image/png',
    CacheControl: 'no-store',
    Metadata: { m: '1' },
    Tagging: 'a+b=c%26d',
    StorageClass: 'STANDARD_IA',
    ChecksumAlgorithm: 'CRC64NVME',
    ChecksumType: 'FULL_OBJECT',
  });
  const parts = sent.filter(({ name }) => name === 'UploadPartCopy').map(({ input }) => input);
  expect(parts.map(({ PartNumber, CopySourceRange }) => [PartNumber, CopySourceRange])).toEqual([
    [1, 'bytes=0-9'],
    [2, 'bytes=10-19'],
    [3, 'bytes=20-24'],
  ]);
  expect(new Set(parts.map(({ CopySource }) => CopySource))).toEqual(new Set(['source/a%2Bb?versionId=v1']));
  expect(inputOf('CompleteMultipartUpload')).toMatchObject({
    MultipartUpload: { Parts: [1, 2, 3].map((PartNumber) => ({ PartNumber, ETag: 'p', ChecksumCRC64NVME: 'x' })) },
  });
});

const uploaded = {
  CreateMultipartUpload: { UploadId: 'u' },
  UploadPartCopy: { CopyPartResult: { ETag: 'p' } },
  CompleteMultipartUpload: { VersionId: 'v2' },
};

it('tags that a multipart upload has lost are set on the copy', async () => {
  const { client, inputOf } = fake({ ...uploaded, GetObjectTagging: { TagSet: [] } });
  await copyObjectInParts({ client, signal }, from, to, { head, tags: { a: 'b' }, partBytes: 10 });
  expect(inputOf('PutObjectTagging')).toEqual({
    Bucket: 'backup',
    Key: 'day/a+b',
    Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] },
  });
});

it('tags that the copy has are not set again', async () => {
  const { client, inputOf } = fake({ ...uploaded, GetObjectTagging: { TagSet: [{ Key: 'a', Value: 'b' }] } });
  await copyObjectInParts({ client, signal }, from, to, { head, tags: { a: 'b' }, partBytes: 10 });
  expect(inputOf('PutObjectTagging')).toBeUndefined();
});

it('a multipart copy that fails is aborted, so that its parts are not billed', async () => {
  const { client, sent } = fake({ CreateMultipartUpload: { UploadId: 'u' }, UploadPartCopy: new Error('no') });
  await expect(copyObjectInParts({ client, signal }, from, to, { head, tags: {}, partBytes: 10 })).rejects.toThrow(
    'no',
  );
  expect(sent.at(-1)).toMatchObject({ name: 'AbortMultipartUpload', input: { UploadId: 'u' } });
});
