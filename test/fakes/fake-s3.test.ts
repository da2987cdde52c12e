import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompletedPart,
  type ListObjectsV2CommandInput,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { FakeS3 } from './fake-s3';
import { checksumOf } from './s3-checksums';
import { s3Refusal } from './s3-responses';

let fake: FakeS3;
let client: S3Client;

beforeEach(() => {
  fake = new FakeS3({ photos: 'Enabled', plain: 'Off', paused: 'Suspended' }, { pageSize: 3, smallestPartBytes: 4 });
  client = new S3Client(fake.clientConfig);
});

const at = (Key: string, Bucket = 'photos') => ({ Bucket, Key });
const put = (Key: string, more: Partial<PutObjectCommandInput> = {}, Bucket = 'photos') =>
  client.send(new PutObjectCommand({ ...at(Key, Bucket), Body: Key, ...more }));
const head = (Key: string, more: object = {}, Bucket = 'photos') =>
  client.send(new HeadObjectCommand({ ...at(Key, Bucket), ...more }));
const get = async (Key: string, more: object = {}, Bucket = 'photos') => {
  const { Body, ...object } = await client.send(new GetObjectCommand({ ...at(Key, Bucket), ...more }));
  return { ...object, text: await Body?.transformToString() };
};
const refusal = (name: string, status: number) => ({ name, $metadata: { httpStatusCode: status } });

it.each([
  ['CRC32', '0xcbf43926'],
  ['CRC32C', '0xe3069283'],
  ['CRC64NVME', '0xae8b14860a799888'],
] as const)('%s has its published check value', (algorithm, check) => {
  const hex = Buffer.from(checksumOf(algorithm, Buffer.from('123456789')), 'base64').toString('hex');
  expect(`0x${hex}`).toBe(check);
});

describe('versions', () => {
  it('a bucket keeps each version, and the newest is current', async () => {
    const first = await put('a', { Body: 'one' });
    const second = await put('a', { Body: 'two' });
    expect(first.VersionId).not.toBe(second.VersionId);
    expect(await get('a')).toMatchObject({ text: 'two', VersionId: second.VersionId });
    expect(await get('a', { VersionId: first.VersionId })).toMatchObject({ text: 'one' });
  });

  it('a deletion leaves a marker, which is removed like a version', async () => {
    const { VersionId } = await put('a');
    const deleted = await client.send(new DeleteObjectCommand(at('a')));
    expect(deleted.DeleteMarker).toBe(true);
    await expect(get('a')).rejects.toMatchObject(refusal('NoSuchKey', 404));
    await expect(get('a', { VersionId: deleted.VersionId })).rejects.toMatchObject(refusal('MethodNotAllowed', 405));
    await expect(head('a')).rejects.toMatchObject({
      name: 'NotFound',
      $response: { headers: { 'x-amz-delete-marker': 'true' } },
    });
    await client.send(new DeleteObjectCommand({ ...at('a'), VersionId: deleted.VersionId }));
    expect(await head('a')).toMatchObject({ VersionId });
  });

  it('a bucket without versions names none, a suspended one keeps one that is named null', async () => {
    expect((await put('a', {}, 'plain')).VersionId).toBeUndefined();
    await client.send(new DeleteObjectCommand(at('a', 'plain')));
    expect(fake.bucket('plain').all).toEqual([]);
    fake.bucket('paused').versioning = 'Enabled';
    await put('a', { Body: 'old' }, 'paused');
    fake.bucket('paused').versioning = 'Suspended';
    await put('a', { Body: 'one' }, 'paused');
    expect(await put('a', { Body: 'two' }, 'paused')).toMatchObject({ VersionId: 'null' });
    expect(
      fake
        .bucket('paused')
        .versions('a')
        .map(({ body }) => body.toString()),
    ).toEqual(['old', 'two']);
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: 'paused' }));
    expect(Status).toBe('Suspended');
  });
});

describe('absence', () => {
  it('a missing key, version and bucket have different errors, but not for HEAD', async () => {
    await expect(get('a')).rejects.toMatchObject(refusal('NoSuchKey', 404));
    await expect(get('a', { VersionId: 'v9' })).rejects.toMatchObject(refusal('NoSuchVersion', 404));
    await expect(get('a', {}, 'nowhere')).rejects.toMatchObject(refusal('NoSuchBucket', 404));
    await expect(head('a')).rejects.toMatchObject(refusal('NotFound', 404));
    await expect(head('a', {}, 'nowhere')).rejects.toMatchObject(refusal('NotFound', 404));
  });

  it('a key above 1,024 bytes is refused', async () => {
    await expect(put('ä'.repeat(513))).rejects.toMatchObject(refusal('KeyTooLongError', 400));
  });
});

describe('writing', () => {
  it('what comes with an object is given back', async () => {
    const kept = {
      CacheControl: 'no-store',
      ContentDisposition: 'inline',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      ContentType: 'image/png',
      WebsiteRedirectLocation: '/x',
      StorageClass: 'STANDARD_IA' as const,
      Metadata: { source: 'v1' },
    };
    await put('a', { ...kept, Expires: new Date('2027-01-01T00:00:00Z'), Tagging: 'one=1&two=%26' });
    const found = await head('a');
    expect(found).toMatchObject(kept);
    expect(found.ExpiresString).toBe('Fri, 01 Jan 2027 00:00:00 GMT');
    const { TagSet } = await client.send(new GetObjectTaggingCommand(at('a')));
    expect(TagSet).toEqual([
      { Key: 'one', Value: '1' },
      { Key: 'two', Value: '&' },
    ]);
  });

  it('an ETag is the MD5 of the bytes', async () => {
    const { ETag } = await put('a', { Body: 'bytes' });
    expect(ETag).toBe(`"${createHash('md5').update('bytes').digest('hex')}"`);
  });

  it('a stream is stored without the frames that the SDK sends it in', async () => {
    const Body = Readable.from([Buffer.from('half'), Buffer.from('full')]);
    await put('a', { Body, ContentLength: 8 });
    expect(await get('a')).toMatchObject({ text: 'halffull' });
  });

  it.each([
    ['nothing there', undefined, { IfNoneMatch: '*' }, undefined],
    ['something there', 'x', { IfNoneMatch: '*' }, refusal('PreconditionFailed', 412)],
    ['the same there', 'x', { IfMatch: 'same' }, undefined],
    ['another there', 'x', { IfMatch: '"other"' }, refusal('PreconditionFailed', 412)],
    ['nothing to match', undefined, { IfMatch: '"other"' }, refusal('NoSuchKey', 404)],
  ])('a condition with %s', async (_, there, condition, refused) => {
    const before = there === undefined ? undefined : await put('a', { Body: there });
    const sent = put(
      'a',
      'IfMatch' in condition && condition.IfMatch === 'same' ? { IfMatch: before?.ETag } : condition,
    );
    if (refused === undefined) await sent;
    else await expect(sent).rejects.toMatchObject(refused);
  });

  it('a condition sees no deleted object', async () => {
    await put('a');
    await client.send(new DeleteObjectCommand(at('a')));
    await put('a', { IfNoneMatch: '*' });
  });

  it('a checksum that does not fit is refused, one that fits is kept, and each object has one', async () => {
    await expect(put('a', { ChecksumSHA256: checksumOf('SHA256', Buffer.from('b')) })).rejects.toMatchObject(
      refusal('BadDigest', 400),
    );
    await put('a', { ChecksumSHA256: checksumOf('SHA256', Buffer.from('a')) });
    expect(await head('a', { ChecksumMode: 'ENABLED' })).toMatchObject({
      ChecksumSHA256: checksumOf('SHA256', Buffer.from('a')),
      ChecksumType: 'FULL_OBJECT',
    });
    expect((await head('a')).ChecksumSHA256).toBeUndefined();
    fake.put('photos', 'b', 'bytes');
    expect((await head('b', { ChecksumMode: 'ENABLED' })).ChecksumCRC64NVME).toBeDefined();
    fake.put('photos', 'c', { body: 'bytes', checksums: 'none' });
    expect((await head('c', { ChecksumMode: 'ENABLED' })).ChecksumCRC64NVME).toBeUndefined();
  });

  it('metadata above 2 kB and more than ten tags are refused', async () => {
    await expect(put('a', { Metadata: { long: 'x'.repeat(2_045) } })).rejects.toMatchObject(
      refusal('MetadataTooLarge', 400),
    );
    const TagSet = Array.from({ length: 11 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
    await put('a');
    const tagging = new PutObjectTaggingCommand({ ...at('a'), Tagging: { TagSet } });
    await expect(client.send(tagging)).rejects.toMatchObject(refusal('BadRequest', 400));
  });
});

describe('reading', () => {
  it('a range is a part of the object', async () => {
    await put('a', { Body: '0123456789' });
    expect(await get('a', { Range: 'bytes=2-4' })).toMatchObject({ text: '234', ContentRange: 'bytes 2-4/10' });
    expect(await get('a', { Range: 'bytes=8-' })).toMatchObject({ text: '89' });
  });

  it('an archived object can be looked at and not read, until it is restored', async () => {
    fake.put('photos', 'a', { storageClass: 'GLACIER' });
    expect(await head('a')).toMatchObject({ StorageClass: 'GLACIER' });
    await expect(get('a')).rejects.toMatchObject(refusal('InvalidObjectState', 403));
    fake.put('photos', 'a', { storageClass: 'GLACIER', isRestored: true });
    await get('a');
    fake.put('photos', 'b', { storageClass: 'INTELLIGENT_TIERING', archiveStatus: 'ARCHIVE_ACCESS' });
    await expect(get('b')).rejects.toMatchObject(refusal('InvalidObjectState', 403));
  });

  it('an object under a key of its writer is refused without it, by HEAD too', async () => {
    fake.put('photos', 'a', { customerKeyMd5: 'md5' });
    await expect(get('a')).rejects.toMatchObject(refusal('InvalidRequest', 400));
    await expect(head('a')).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  });
});

describe('copying', () => {
  const copy = (CopySource: string, more: object = {}) =>
    client.send(new CopyObjectCommand({ ...at('to'), CopySource, ...more }));

  it('a copy keeps headers, metadata, tags and the kind of checksum, and neither class nor redirect', async () => {
    await put('from', {
      ContentType: 'image/png',
      Metadata: { source: 'v1' },
      Tagging: 'one=1',
      StorageClass: 'STANDARD_IA',
      WebsiteRedirectLocation: '/x',
      ChecksumAlgorithm: 'SHA256',
    });
    await copy('photos/from');
    const found = await head('to', { ChecksumMode: 'ENABLED' });
    expect(found).toMatchObject({ ContentType: 'image/png', Metadata: { source: 'v1' } });
    expect([found.StorageClass, found.WebsiteRedirectLocation]).toEqual([undefined, undefined]);
    expect(found.ChecksumSHA256).toBe(checksumOf('SHA256', Buffer.from('from')));
    expect(fake.object('photos', 'to')?.tags).toEqual({ one: '1' });
  });

  it('a copy that replaces takes what it is given', async () => {
    await put('from', { Metadata: { source: 'v1' }, Tagging: 'one=1' });
    await copy('photos/from', { MetadataDirective: 'REPLACE', Metadata: { n: '1' }, TaggingDirective: 'REPLACE' });
    expect(await head('to')).toMatchObject({ Metadata: { n: '1' } });
    expect(fake.object('photos', 'to')?.tags).toEqual({});
  });

  it('a source is named by an encoded key and a version', async () => {
    const { VersionId } = await put('a+b %/ä', { Body: 'old' });
    await put('a+b %/ä', { Body: 'new' });
    const { CopySourceVersionId } = await copy(`photos/a%2Bb%20%25/%C3%A4?versionId=${VersionId}`);
    expect([fake.text('photos', 'to'), CopySourceVersionId]).toEqual(['old', VersionId]);
  });

  it('conditions hold for the source and for the target', async () => {
    const { ETag } = await put('from');
    await copy('photos/from', { CopySourceIfMatch: ETag, IfNoneMatch: '*' });
    await expect(copy('photos/from', { CopySourceIfMatch: '"other"' })).rejects.toMatchObject(
      refusal('PreconditionFailed', 412),
    );
    await expect(copy('photos/from', { IfNoneMatch: '*' })).rejects.toMatchObject(refusal('PreconditionFailed', 412));
    await expect(copy('photos/none')).rejects.toMatchObject(refusal('NoSuchKey', 404));
    await expect(copy('photos/from?versionId=v9')).rejects.toMatchObject(refusal('NoSuchVersion', 404));
  });

  it('an archived source is refused', async () => {
    fake.put('photos', 'from', { storageClass: 'DEEP_ARCHIVE' });
    await expect(copy('photos/from')).rejects.toMatchObject(refusal('InvalidObjectState', 403));
  });
});

describe('an upload in parts', () => {
  const begin = async (more: object = {}) => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...at('big'), ...more }));
    return { ...at('big'), UploadId };
  };
  type Target = Awaited<ReturnType<typeof begin>>;
  const upload = async (target: Target, PartNumber: number, Body: string) => {
    const { ETag } = await client.send(new UploadPartCommand({ ...target, PartNumber, Body }));
    return { PartNumber, ETag };
  };
  const complete = (target: Target, Parts: CompletedPart[], more: object = {}) =>
    client.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts }, ...more }));

  it('is put together of its parts, with what it was begun with', async () => {
    const target = await begin({
      ContentType: 'image/png',
      Metadata: { n: '1' },
      Tagging: 'one=1',
      StorageClass: 'STANDARD_IA',
    });
    const second = await upload(target, 2, 'ef');
    const first = await upload(target, 1, 'abcd');
    expect(await complete(target, [first, second])).toMatchObject({
      VersionId: fake.object('photos', 'big')?.versionId,
      ChecksumType: 'FULL_OBJECT',
      ChecksumCRC64NVME: checksumOf('CRC64NVME', Buffer.from('abcdef')),
    });
    expect(await get('big')).toMatchObject({ text: 'abcdef', ContentType: 'image/png', Metadata: { n: '1' } });
    expect(fake.object('photos', 'big')).toMatchObject({ tags: { one: '1' }, storageClass: 'STANDARD_IA' });
    expect(fake.object('photos', 'big')?.etag).toMatch(/^[0-9a-f]{32}-2$/);
    expect(fake.uploads.open).toEqual([]);
  });

  it('has a checksum over its parts where it is no CRC', async () => {
    const target = await begin({ ChecksumAlgorithm: 'SHA256' });
    await complete(target, [await upload(target, 1, 'abcd'), await upload(target, 2, 'ef')]);
    const found = await head('big', { ChecksumMode: 'ENABLED' });
    expect(found.ChecksumType).toBe('COMPOSITE');
    expect(found.ChecksumSHA256).toMatch(/-2$/);
    await expect(begin({ ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' })).rejects.toThrow();
  });

  it('copies ranges of another object', async () => {
    const { ETag } = await put('from', { Body: 'abcdef' });
    const target = await begin();
    const part = (PartNumber: number, CopySourceRange: string, more: object = {}) =>
      client.send(
        new UploadPartCopyCommand({ ...target, PartNumber, CopySource: 'photos/from', CopySourceRange, ...more }),
      );
    const copied = [await part(1, 'bytes=0-3', { CopySourceIfMatch: ETag }), await part(2, 'bytes=4-5')];
    await complete(
      target,
      copied.map(({ CopyPartResult }, index) => ({ PartNumber: index + 1, ETag: CopyPartResult?.ETag })),
    );
    expect(fake.text('photos', 'big')).toBe('abcdef');
    const other = await begin();
    const beyond = { ...other, PartNumber: 1, CopySource: 'photos/from', CopySourceRange: 'bytes=0-6' };
    await expect(client.send(new UploadPartCopyCommand(beyond))).rejects.toMatchObject(refusal('InvalidArgument', 400));
  });

  it.each([
    ['a part that was not uploaded', [1, 3], 'InvalidPart', {}],
    ['parts out of order', [2, 1], 'InvalidPartOrder', {}],
    ['a small part before the last', [2, 4], 'EntityTooSmall', {}],
    ['a condition that fails', [1, 2], 'PreconditionFailed', { IfNoneMatch: '*' }],
  ])('with %s is refused', async (_, numbers, code, more) => {
    await put('big');
    const target = await begin();
    const parts = [await upload(target, 1, 'abcd'), await upload(target, 2, 'ef'), await upload(target, 4, 'gh')];
    const named = numbers.map(
      (number) => parts.find((part) => part.PartNumber === number) ?? { PartNumber: number, ETag: 'x' },
    );
    await expect(complete(target, named, more)).rejects.toMatchObject({ name: code });
    expect(fake.uploads.open).toHaveLength(1);
  });

  it('that is aborted is gone', async () => {
    const target = await begin();
    await client.send(new AbortMultipartUploadCommand(target));
    await expect(client.send(new AbortMultipartUploadCommand(target))).rejects.toMatchObject(
      refusal('NoSuchUpload', 404),
    );
  });
});

describe('listing', () => {
  const list = (more: Partial<ListObjectsV2CommandInput> = {}) =>
    client.send(new ListObjectsV2Command({ Bucket: 'photos', ...more }));
  const keys = (page: Awaited<ReturnType<typeof list>>) => page.Contents?.map(({ Key }) => Key) ?? [];

  it('goes through pages in the order of bytes, after a key', async () => {
    for (const key of ['b', 'a', 'Z', 'ä', '😀', '\uff5e']) await put(key);
    await put('gone');
    await client.send(new DeleteObjectCommand(at('gone')));
    const first = await list();
    const second = await list({ ContinuationToken: first.NextContinuationToken });
    expect([keys(first), keys(second)]).toEqual([
      ['Z', 'a', 'b'],
      ['ä', '\uff5e', '😀'],
    ]);
    expect([first.IsTruncated, second.IsTruncated, second.NextContinuationToken]).toEqual([true, false, undefined]);
    expect(keys(await list({ StartAfter: 'b', MaxKeys: 1 }))).toEqual(['ä']);
  });

  it('gathers what lies behind a delimiter, each once across pages', async () => {
    for (const key of ['a', 'b/1', 'b/2', 'b/3', 'b/4', 'c', 'd/1']) await put(key);
    const first = await list({ Delimiter: '/' });
    expect([keys(first), first.CommonPrefixes, first.KeyCount]).toEqual([['a', 'c'], [{ Prefix: 'b/' }], 3]);
    const second = await list({ Delimiter: '/', ContinuationToken: first.NextContinuationToken });
    expect([keys(second), second.CommonPrefixes]).toEqual([[], [{ Prefix: 'd/' }]]);
    const onPrefix = await list({ Delimiter: '/', MaxKeys: 2 });
    expect(keys(await list({ Delimiter: '/', ContinuationToken: onPrefix.NextContinuationToken }))).toEqual(['c']);
    expect(keys(await list({ Prefix: 'b/', MaxKeys: 2 }))).toEqual(['b/1', 'b/2']);
  });

  it('encodes keys where that is asked for, since XML does not carry all of them', async () => {
    for (const key of ['a b+c%', 'line\r\nend', 'x<&>"']) await put(key);
    const encoded = await list({ EncodingType: 'url' });
    expect(keys(encoded)).toEqual(['a+b%2Bc%25', 'line%0D%0Aend', 'x%3C%26%3E%22']);
    expect(keys(await list())).toEqual(['a b+c%', expect.not.stringContaining('\r'), 'x<&>"']);
  });

  it('shows all versions and markers, from page to page', async () => {
    const one = await put('a');
    const two = await put('a');
    const marker = await client.send(new DeleteObjectCommand(at('a')));
    const other = await put('b');
    const first = await client.send(new ListObjectVersionsCommand({ Bucket: 'photos', MaxKeys: 2 }));
    expect(first.DeleteMarkers).toEqual([expect.objectContaining({ VersionId: marker.VersionId, IsLatest: true })]);
    expect(first.Versions).toEqual([expect.objectContaining({ VersionId: two.VersionId, IsLatest: false })]);
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = first;
    const second = await client.send(new ListObjectVersionsCommand({ Bucket: 'photos', KeyMarker, VersionIdMarker }));
    expect(second.Versions?.map(({ VersionId }) => VersionId)).toEqual([one.VersionId, other.VersionId]);
    expect(second.IsTruncated).toBe(false);
  });
});

describe('deletion of many', () => {
  const remove = (Objects: { Key: string; VersionId?: string }[], Quiet = false) =>
    client.send(new DeleteObjectsCommand({ Bucket: 'photos', Delete: { Objects, Quiet } }));

  it('deletes keys with characters that XML escapes, and versions that are named', async () => {
    const odd = ['a&b', '<c>', 'line\rend', 'tab\t'];
    for (const key of odd) await put(key);
    const { Deleted } = await remove(odd.map((Key) => ({ Key })));
    expect(Deleted?.map(({ DeleteMarker }) => DeleteMarker)).toEqual([true, true, true, true]);
    expect(fake.keys('photos')).toEqual([]);
    const { VersionId = '' } = await put('a');
    await remove([{ Key: 'a', VersionId }]);
    expect(fake.bucket('photos').versions('a')).toEqual([]);
    expect((await remove([{ Key: 'a' }], true)).Deleted).toBeUndefined();
  });

  it.each(['\u0001', '\ufffe'])('refuses a key with %j, which XML cannot carry', async (odd) => {
    await put(`a${odd}`);
    await expect(remove([{ Key: `a${odd}` }])).rejects.toMatchObject(refusal('MalformedXML', 400));
    await client.send(new DeleteObjectCommand(at(`a${odd}`)));
    expect(fake.keys('photos')).toEqual([]);
  });

  it('refuses more than a thousand', async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => ({ Key: String(index) }));
    await expect(remove(many)).rejects.toMatchObject(refusal('MalformedXML', 400));
  });
});

describe('faults', () => {
  it('a request that is answered before is not carried out, one that is answered after is', async () => {
    fake.before = ({ operation }) => (operation === 'PutObject' ? s3Refusal('SlowDown', 503) : undefined);
    await expect(put('a')).rejects.toMatchObject(refusal('SlowDown', 503));
    expect(fake.keys('photos')).toEqual([]);
    fake.before = () => undefined;
    fake.after = () => s3Refusal('InternalError', 500);
    await expect(put('a')).rejects.toMatchObject(refusal('InternalError', 500));
    expect(fake.keys('photos')).toEqual(['a']);
    expect(fake.operations).toEqual(['PutObject', 'PutObject']);
  });

  it('a refusal of HEAD names no error', async () => {
    fake.before = (request) => s3Refusal('AccessDenied', 403, request);
    await expect(head('a')).rejects.toMatchObject({ message: 'UnknownError', $metadata: { httpStatusCode: 403 } });
  });

  it('a request ends with its signal where the service never answers', async () => {
    fake.before = () => new Promise(() => undefined);
    const sent = client.send(new HeadObjectCommand(at('a')), { abortSignal: AbortSignal.timeout(5) });
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('serves clients that have only its address', async () => {
    const environment = { ...process.env };
    Object.assign(process.env, await fake.listen(), { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
    const remote = new S3Client({ region: 'eu-west-1' });
    await remote.send(new PutObjectCommand({ ...at('a b/ä'), Body: 'bytes' }));
    expect(fake.text('photos', 'a b/ä')).toBe('bytes');
    remote.destroy();
    await fake.close();
    process.env = environment;
  });
});
