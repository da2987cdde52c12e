import { S3ServiceException, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { headersOf, headOf, orAbsent, refusalOf } from '../../../lambda/scheduled-backup/s3-answers';

const answer = (more: Partial<HeadObjectCommandOutput>): HeadObjectCommandOutput => ({ $metadata: {}, ...more });

it('a checksum over the whole object counts, one over parts does not', () => {
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
  [{ StorageClass: 'GLACIER_IR' }, false],
  [{}, false],
] as const)('%j has to be brought back before it is read: %s', (head, archived) => {
  expect(headOf(answer(head)).archived).toBe(archived);
});

const refusal = (status: number, message = 'UnknownError'): S3ServiceException =>
  new S3ServiceException({
    name: 'Some',
    message,
    $fault: 'client',
    $metadata: { httpStatusCode: status },
  });

it.each([404, 405])('an object that HEAD answers %i for is not there', async (status) => {
  await expect(orAbsent(Promise.reject(refusal(status)))).resolves.toBeUndefined();
});

it('a refusal of HEAD is told by its status, since it has no body', async () => {
  await expect(orAbsent(Promise.reject(refusal(403)))).rejects.toThrow(/status 403/);
});

it('an error that says why is left as it is', async () => {
  await expect(orAbsent(Promise.reject(refusal(400, 'because')))).rejects.toThrow('because');
  await expect(orAbsent(Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');
});

it('the headers that HEAD tells are those that an upload in parts is begun with', () => {
  const told = {
    ContentType: 'image/png',
    ContentEncoding: 'gzip',
    ContentLanguage: 'de',
    ContentDisposition: 'inline',
    CacheControl: 'no-store',
    WebsiteRedirectLocation: '/x',
  };
  const ExpiresString = 'Sat, 21 Nov 2026 00:00:00 GMT';
  expect(headersOf(headOf(answer({ ...told, ExpiresString })).headers)).toEqual({
    ...told,
    Expires: new Date(ExpiresString),
  });
});

it('of a refusal its status and id are told, of another error nothing', () => {
  expect(refusalOf(refusal(403))).toEqual({ statusCode: 403 });
  expect(refusalOf(new Error('tok'))).toEqual({});
});
