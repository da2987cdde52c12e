import { S3ServiceException } from '@aws-sdk/client-s3';
import {
  deleteKeys,
  listFolders,
  listKeys,
  readText,
  writeTextIfUnchanged,
} from '../../../../lambda/scheduled-backup/adapters/s3-text-store';

const signal = new AbortController().signal;

function bucket(answer: (input: Record<string, unknown>) => object) {
  const sent: Record<string, unknown>[] = [];
  const send = async ({ input }: { input: Record<string, unknown> }): Promise<object> => {
    sent.push(input);
    return answer(input);
  };
  return { access: { client: { send } as never, bucket: 'b', signal }, sent };
}

const s3Error = (status: number, name = 'Some'): never => {
  throw new S3ServiceException({ name, message: 'm', $fault: 'client', $metadata: { httpStatusCode: status } });
};

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

it('a failed deletion is returned, and no keys make no request', async () => {
  const { access } = bucket(() => ({ Errors: [{ Key: 'k', Code: 'AccessDenied' }] }));
  expect(await deleteKeys(access, ['k'])).toEqual([{ key: 'k', code: 'AccessDenied' }]);
  const nothing = bucket(() => ({}));
  expect(await deleteKeys(nothing.access, [])).toEqual([]);
  expect(nothing.sent).toEqual([]);
});

it('keys of a request that S3 refuses as a whole are deleted one by one', async () => {
  const { access } = bucket((input) => {
    if ('Delete' in input || input['Key'] === 'bad') return s3Error(400, 'MalformedXML');
    return {};
  });
  expect(await deleteKeys(access, ['good', 'bad', 'also good'])).toEqual([{ key: 'bad', code: 'MalformedXML' }]);
});
