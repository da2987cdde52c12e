import type { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { readPayload } from '../../../lambda/queue-processor/s3-payloads';

function bucketThatAnswers(answer: () => unknown) {
  const sent: GetObjectCommand[] = [];
  const client = {
    send: async (command: GetObjectCommand) => {
      sent.push(command);
      return answer();
    },
  } as unknown as S3Client;
  return { payloads: { client, bucketName: 'ours', signal: new AbortController().signal }, sent };
}

const object = (text: string, ContentLength = text.length, destroy = () => undefined) => ({
  ContentLength,
  Body: { transformToString: async () => text, destroy },
});
const named = (name: string) => Object.assign(new Error('k'), { name });

it('reads a payload from the bucket of the stack', async () => {
  const { payloads, sent } = bucketThatAnswers(() => object('{}'));
  expect(await readPayload(payloads, 'a/b.json')).toBe('{}');
  expect(sent[0]?.input).toEqual({ Bucket: 'ours', Key: 'a/b.json' });
});

it('does not read a payload above 5 MiB, and releases its connection', async () => {
  const destroy = jest.fn();
  const { payloads } = bucketThatAnswers(() => object('', 5 * 1_024 * 1_024 + 1, destroy));
  await expect(readPayload(payloads, 'k')).rejects.toMatchObject({ reason: 'payload-too-large', retryable: false });
  expect(destroy).toHaveBeenCalled();
});

it.each([
  ['NoSuchKey', 'payload-missing'],
  ['NoSuchBucket', 'unexpected'],
  ['AccessDenied', 'unexpected'],
  ['SlowDown', 'unexpected'],
])('%s is %s', async (name, reason) => {
  const { payloads } = bucketThatAnswers(() => {
    throw named(name);
  });
  await expect(readPayload(payloads, 'k')).rejects.toMatchObject({ reason, retryable: true });
});
