import { isHidden, isRefused, type S3Request } from '../../../../tools/permissions/mutation/s3-rules';

const tagged = () => Promise.resolve(true);
const untagged = () => Promise.resolve(false);
const request = (method: string, path: string, headers: Record<string, string> = {}): S3Request => ({
  method,
  path,
  headers,
});
const copy = request('PUT', '/backup/a.jpg?x-id=CopyObject', { 'x-amz-copy-source': 'source/a%20b.jpg' });
const copyOfVersion = request('PUT', '/backup/a.jpg', { 'x-amz-copy-source': '/source/a.jpg?versionId=v1' });

it.each([
  ['s3:PutObjectTagging', 'backup', copy, true],
  ['s3:GetObjectTagging', 'source', copy, true],
  ['s3:GetObjectVersionTagging', 'source', copyOfVersion, true],
  ['s3:GetObjectVersionTagging', 'source', copy, false],
  ['s3:GetObjectTagging', 'source', copyOfVersion, false],
  ['s3:PutObjectTagging', 'source', copy, false],
  ['s3:GetObjectTagging', 'backup', copy, false],
])('without %s on %s a copy of an object with tags is denied (%j: %p)', async (action, bucket, one, refused) => {
  expect(await isRefused(one, { action, bucket }, tagged)).toBe(refused);
  expect(await isRefused(one, { action, bucket }, untagged)).toBe(false);
});

it('the tags that count for a copy are those of the copied object, by its decoded name', async () => {
  const checked: unknown[] = [];
  await isRefused(copy, { action: 's3:PutObjectTagging', bucket: 'backup' }, (...place) => {
    checked.push(place);
    return Promise.resolve(false);
  });
  expect(checked).toEqual([['source', 'a b.jpg', undefined]]);
});

it('a multipart upload is denied if it is created with tags; its parts are not', async () => {
  const removed = { action: 's3:PutObjectTagging', bucket: 'backup' };
  expect(await isRefused(request('POST', '/backup/a?uploads', { 'x-amz-tagging': 'a=b' }), removed, tagged)).toBe(true);
  expect(await isRefused(request('POST', '/backup/a?uploads', { 'x-amz-tagging': '' }), removed, tagged)).toBe(false);
  const part = request('PUT', '/backup/a?uploadId=u&partNumber=1', { 'x-amz-copy-source': 'source/a' });
  expect(await isRefused(part, removed, tagged)).toBe(false);
});

it('reading the tags of a version needs s3:GetObjectTagging too', async () => {
  const removed = { action: 's3:GetObjectTagging', bucket: 'source' };
  expect(await isRefused(request('GET', '/source/a?tagging&versionId=v'), removed, tagged)).toBe(true);
  // The emulator denies this one itself.
  expect(await isRefused(request('GET', '/source/a?tagging'), removed, tagged)).toBe(false);
});

it('without s3:ListBucket a missing object is answered 403, an existing one is not', () => {
  const removed = { action: 's3:ListBucket', bucket: 'source' };
  expect(isHidden(request('HEAD', '/source/a'), removed, 404)).toBe(true);
  expect(isHidden(request('HEAD', '/source/a'), removed, 200)).toBe(false);
  expect(isHidden(request('HEAD', '/backup/a'), removed, 404)).toBe(false);
  expect(isHidden(request('PUT', '/source/a'), removed, 404)).toBe(false);
  expect(isHidden(request('GET', '/source/a'), { ...removed, action: 's3:GetObject' }, 404)).toBe(false);
});
