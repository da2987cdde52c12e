import { S3Client } from '@aws-sdk/client-s3';
import { s3Tags } from '../../../../lambda/resource-tagger/adapters/s3-tags';

const arn = 'arn:aws:s3:::photos';
const { signal } = new AbortController();
const named = (name: string) => Object.assign(new Error(name), { name });

interface Input {
  readonly Tagging?: { readonly TagSet: { readonly Key: string; readonly Value: string }[] };
}

/** Bucket whose set of tags is replaced by each write; `answer` may refuse a call. */
function bucketOf(
  tags: Readonly<Record<string, string>>,
  answer: (input: Input, call: number) => void = () => undefined,
) {
  const bucket = { tags: { ...tags } as Record<string, string>, calls: 0 };
  const send = ({ input }: { input: unknown }): Promise<object> =>
    Promise.resolve().then(() => {
      const { Tagging } = input as Input;
      answer(input as Input, ++bucket.calls);
      if (Tagging !== undefined) {
        bucket.tags = Object.fromEntries(Tagging.TagSet.map(({ Key, Value }) => [Key, Value]));
        return {};
      }
      if (Object.keys(bucket.tags).length === 0) throw named('NoSuchTagSet');
      return { TagSet: Object.entries(bucket.tags).map(([Key, Value]) => ({ Key, Value })) };
    });
  return { bucket, store: s3Tags(Object.assign(new S3Client({ region: 'eu-west-1' }), { send }), signal) };
}

it('a write keeps the whole set, those of AWS too', async () => {
  const { bucket, store } = bucketOf({ team: 'blue', 'aws:cloudformation:stack-name': 'app' });
  expect(await store.write([arn], { by: 'me' })).toEqual([]);
  expect(bucket.tags).toEqual({ team: 'blue', 'aws:cloudformation:stack-name': 'app', by: 'me' });
});

it('a bucket without tags gets its first ones', async () => {
  const { bucket, store } = bucketOf({});
  expect(Object.fromEntries(await store.read([arn]))).toEqual({ [arn]: {} });
  await store.write([arn], { by: 'me' });
  expect(bucket.tags).toEqual({ by: 'me' });
});

it('a tag that somebody set after the first read stays: the set is read again right before the write', async () => {
  const { bucket, store } = bucketOf({ team: 'blue' });
  await store.read([arn]);
  bucket.tags = { ...bucket.tags, by: 'a person' };
  await store.write([arn], { by: 'me', at: 'now' });
  expect(bucket.tags).toEqual({ team: 'blue', by: 'a person', at: 'now' });
});

it('a full set gets no more than 50 tags', async () => {
  const full = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`key-${index}`, 'x']));
  const { bucket, store } = bucketOf(full);
  await store.write([arn], { by: 'me', at: 'now' });
  expect(Object.keys(bucket.tags)).toHaveLength(50);
});

it('a bucket that is gone is left out of a read, and the write says so', async () => {
  const { store } = bucketOf({}, () => {
    throw named('NoSuchBucket');
  });
  expect([...(await store.read([arn]))]).toEqual([]);
  expect(await store.write([arn], { by: 'me' })).toMatchObject([{ arn, name: 'NoSuchBucket' }]);
});

it('throttling ends the work, which is tried again later', async () => {
  const { store } = bucketOf({ a: 'b' }, () => {
    throw named('SlowDown');
  });
  await expect(store.write([arn], { by: 'me' })).rejects.toThrow('SlowDown');
});
