import { S3ServiceException, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import {
  failedRequestOf,
  headOf,
  undefinedIfAbsent,
} from '../../../../lambda/scheduled-backup/adapters/s3-object-head';

const answer = (more: Partial<HeadObjectCommandOutput>): HeadObjectCommandOutput => ({ $metadata: {}, ...more });

it('only a checksum over the whole object counts', () => {
  expect(headOf(answer({ ChecksumCRC32: 'abc=', ChecksumType: 'FULL_OBJECT' })).checksums).toEqual([
    { algorithm: 'CRC32', value: 'abc=' },
  ]);
  expect(headOf(answer({ ChecksumSHA256: 'abc=-3' })).checksums).toEqual([]);
  expect(headOf(answer({ ChecksumSHA256: 'abc=', ChecksumType: 'COMPOSITE' })).checksums).toEqual([]);
});

it.each([
  [{ StorageClass: 'GLACIER' }, true],
  [{ StorageClass: 'DEEP_ARCHIVE' }, true],
  [{ StorageClass: 'INTELLIGENT_TIERING', ArchiveStatus: 'ARCHIVE_ACCESS' }, true],
  [{ StorageClass: 'GLACIER', Restore: 'ongoing-request="true"' }, true],
  [{ StorageClass: 'GLACIER', Restore: 'ongoing-request="false", expiry-date="…"' }, false],
  [{ StorageClass: 'GLACIER_IR' }, false],
  [{}, false],
] as const)('%j has to be restored from an archive before it is read: %s', (head, archived) => {
  expect(headOf(answer(head)).archived).toBe(archived);
});

const s3Error = (status: number, message = 'UnknownError'): S3ServiceException =>
  new S3ServiceException({
    name: 'Some',
    message,
    $fault: 'client',
    $metadata: { httpStatusCode: status },
  });

it.each([404, 405])('an object that HEAD answers %i for is absent', async (status) => {
  await expect(undefinedIfAbsent(Promise.reject(s3Error(status)))).resolves.toBeUndefined();
});

it('an error of HEAD names its status, since the answer has no body', async () => {
  await expect(undefinedIfAbsent(Promise.reject(s3Error(403)))).rejects.toThrow(/status 403/);
});

it('an error with a message is passed on', async () => {
  await expect(undefinedIfAbsent(Promise.reject(s3Error(400, 'because')))).rejects.toThrow('because');
  await expect(undefinedIfAbsent(Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');
});

it('a failed request is described by its status and id, another error not at all', () => {
  expect(failedRequestOf(s3Error(403))).toEqual({ statusCode: 403 });
  expect(failedRequestOf(new Error('tok'))).toEqual({});
});
