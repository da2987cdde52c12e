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
])('without %s on %s a copy of an object with tags is refused (%j: %p)', async (action, bucket, one, refused) => {
  expect(await isRefused(one, { action, bucket }, tagged)).toBe(refused);
  expect(await isRefused(one, { action, bucket }, untagged)).toBe(false);
});

it('the object that is copied, by its own name, is whose tags are asked for', async () => {
  const asked: unknown[] = [];
  await isRefused(copy, { action: 's3:PutObjectTagging', bucket: 'backup' }, (...place) => {
    asked.push(place);
    return Promise.resolve(false);
  });
  expect(asked).toEqual([['source', 'a b.jpg', undefined]]);
});

it('an upload in parts that begins with tags is refused, one without is not, and neither are its parts', async () => {
  const taken = { action: 's3:PutObjectTagging', bucket: 'backup' };
  expect(await isRefused(request('POST', '/backup/a?uploads', { 'x-amz-tagging': 'a=b' }), taken, tagged)).toBe(true);
  expect(await isRefused(request('POST', '/backup/a?uploads', { 'x-amz-tagging': '' }), taken, tagged)).toBe(false);
  const part = request('PUT', '/backup/a?uploadId=u&partNumber=1', { 'x-amz-copy-source': 'source/a' });
  expect(await isRefused(part, taken, tagged)).toBe(false);
});

it("a version's tags need the action of plain tags too", async () => {
  const taken = { action: 's3:GetObjectTagging', bucket: 'source' };
  expect(await isRefused(request('GET', '/source/a?tagging&versionId=v'), taken, tagged)).toBe(true);
  // The emulator refuses this one itself.
  expect(await isRefused(request('GET', '/source/a?tagging'), taken, tagged)).toBe(false);
});

it('without s3:ListBucket a missing object is forbidden, one that is there is not', () => {
  const taken = { action: 's3:ListBucket', bucket: 'source' };
  expect(isHidden(request('HEAD', '/source/a'), taken, 404)).toBe(true);
  expect(isHidden(request('HEAD', '/source/a'), taken, 200)).toBe(false);
  expect(isHidden(request('HEAD', '/backup/a'), taken, 404)).toBe(false);
  expect(isHidden(request('PUT', '/source/a'), taken, 404)).toBe(false);
  expect(isHidden(request('GET', '/source/a'), { ...taken, action: 's3:GetObject' }, 404)).toBe(false);
});
