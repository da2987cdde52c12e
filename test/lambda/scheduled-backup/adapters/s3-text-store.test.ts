import {
  listFolders,
  listKeys,
  readText,
  writeTextIfUnchanged,
} from '../../../../lambda/scheduled-backup/adapters/s3-text-store';
import { bucket, s3Error } from './stub-bucket';

it('an absent object is undefined, and another error is thrown', async () => {
  expect(await readText(bucket(() => s3Error(404, 'NoSuchKey')).access, 'k')).toBeUndefined();
  await expect(readText(bucket(() => s3Error(403, 'AccessDenied')).access, 'k')).rejects.toMatchObject({
    name: 'AccessDenied',
  });
});

it('a conditional write requires the ETag that was read, or that no object exists', async () => {
  const { access, sent } = bucket(() => ({}));
  expect(await writeTextIfUnchanged(access, 'k', 't', undefined)).toBe(true);
  expect(await writeTextIfUnchanged(access, 'k', 't', { text: '', etag: '"e"' })).toBe(true);
  expect(sent[0]).toMatchObject({ IfNoneMatch: '*' });
  expect(sent[1]).toMatchObject({ IfMatch: '"e"' });
  expect(sent[1]).not.toHaveProperty('IfNoneMatch');
});

it.each([
  [412, undefined],
  [409, undefined],
  [412, { text: '', etag: '"e"' }],
  [404, { text: '', etag: '"e"' }],
])('the answer %i to a conditional write means that the condition was not met', async (status, before) => {
  expect(await writeTextIfUnchanged(bucket(() => s3Error(status)).access, 'k', 't', before)).toBe(false);
});

it('another error of a conditional write is thrown', async () => {
  await expect(writeTextIfUnchanged(bucket(() => s3Error(403)).access, 'k', 't', undefined)).rejects.toThrow('m');
});

it('a listing has all pages, and starts after a key', async () => {
  const { access, sent } = bucket(({ ContinuationToken }) =>
    ContinuationToken === undefined
      ? { Contents: [{ Key: 'a' }], NextContinuationToken: 'next' }
      : { Contents: [{ Key: 'b' }] },
  );
  const pages: (readonly string[])[] = [];
  for await (const page of listKeys(access, 'p', 'after')) pages.push(page);
  expect(pages).toEqual([['a'], ['b']]);
  expect(sent.map(({ Prefix, StartAfter, ContinuationToken }) => [Prefix, StartAfter, ContinuationToken])).toEqual([
    ['p', 'after', undefined],
    ['p', 'after', 'next'],
  ]);
});

it('folders are named without their prefix', async () => {
  const { access } = bucket(() => ({ CommonPrefixes: [{ Prefix: '_manifests/2026-11-21/' }] }));
  expect(await listFolders(access, '_manifests/')).toEqual(['2026-11-21/']);
});

it('a listing asks for URL-encoded keys, and decodes them', async () => {
  const { access, sent } = bucket(() => ({
    EncodingType: 'url',
    Contents: [{ Key: 'a+b%2Bc%0D%01/%E6%97%A5' }],
    CommonPrefixes: [{ Prefix: 'p/x+y%0D/' }],
  }));
  for await (const page of listKeys(access, 'p')) expect(page).toEqual(['a b+c\r\u0001/日']);
  expect(await listFolders(access, 'p/')).toEqual(['x y\r/']);
  expect(sent.map(({ EncodingType }) => EncodingType)).toEqual(['url', 'url']);
});
