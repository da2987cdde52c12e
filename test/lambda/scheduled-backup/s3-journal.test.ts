import { S3ServiceException } from '@aws-sdk/client-s3';
import { listing, reading, removing, writing } from '../../../lambda/scheduled-backup/s3-journal';

const signal = new AbortController().signal;

function bucket(answer: (input: Record<string, unknown>) => object) {
  const sent: Record<string, unknown>[] = [];
  const send = async ({ input }: { input: Record<string, unknown> }): Promise<object> => {
    sent.push(input);
    return answer(input);
  };
  return { access: { client: { send } as never, bucket: 'b', signal }, sent };
}

const refusal = (status: number, name = 'Some'): never => {
  throw new S3ServiceException({ name, message: 'm', $fault: 'client', $metadata: { httpStatusCode: status } });
};

it('what is not there is read as nothing, and a refusal is an error', async () => {
  expect(await reading(bucket(() => refusal(404, 'NoSuchKey')).access).read('k')).toBeUndefined();
  await expect(reading(bucket(() => refusal(403, 'AccessDenied')).access).read('k')).rejects.toMatchObject({
    name: 'AccessDenied',
  });
});

it('a write on the condition that nothing is there, or that it is unchanged, asks S3 for just that', async () => {
  const { access, sent } = bucket(() => ({}));
  expect(await writing(access).writeIfUnchanged('k', 't', undefined)).toBe(true);
  expect(await writing(access).writeIfUnchanged('k', 't', { text: '', etag: '"e"' })).toBe(true);
  expect(sent[0]).toMatchObject({ IfNoneMatch: '*' });
  expect(sent[1]).toMatchObject({ IfMatch: '"e"' });
  expect(sent[1]).not.toHaveProperty('IfNoneMatch');
});

it.each([
  [412, undefined],
  [409, undefined],
  [412, { text: '', etag: '"e"' }],
  [404, { text: '', etag: '"e"' }],
])('a condition that S3 answers %i is one that was not met', async (status, before) => {
  expect(await writing(bucket(() => refusal(status)).access).writeIfUnchanged('k', 't', before)).toBe(false);
});

it('a write that is refused for another reason is an error', async () => {
  await expect(writing(bucket(() => refusal(403)).access).writeIfUnchanged('k', 't', undefined)).rejects.toThrow('m');
});

it('a listing goes on from page to page, after the key that it is to begin at', async () => {
  const { access, sent } = bucket(({ ContinuationToken }) =>
    ContinuationToken === undefined
      ? { Contents: [{ Key: 'a' }], NextContinuationToken: 'next' }
      : { Contents: [{ Key: 'b' }] },
  );
  const pages: (readonly string[])[] = [];
  for await (const page of listing(access).pages('p', 'after')) pages.push(page);
  expect(pages).toEqual([['a'], ['b']]);
  expect(sent.map(({ Prefix, StartAfter, ContinuationToken }) => [Prefix, StartAfter, ContinuationToken])).toEqual([
    ['p', 'after', undefined],
    ['p', 'after', 'next'],
  ]);
});

it('folders are named without what they lie in', async () => {
  const { access } = bucket(() => ({ CommonPrefixes: [{ Prefix: '_manifests/2026-11-21/' }] }));
  expect(await listing(access).folders('_manifests/')).toEqual(['2026-11-21/']);
});

it('a deletion that S3 refuses for one key is an error, and none is asked for where there is nothing', async () => {
  const { access } = bucket(() => ({ Errors: [{ Key: 'k', Code: 'AccessDenied' }] }));
  await expect(removing(access).remove(['k'])).rejects.toThrow(/AccessDenied/);
  const nothing = bucket(() => ({}));
  await removing(nothing.access).remove([]);
  expect(nothing.sent).toEqual([]);
});
