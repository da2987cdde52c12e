import { SQSClient } from '@aws-sdk/client-sqs';
import { setAside } from '../../../lambda/image-resize/sqs-not-found';
import { readFailure } from '../../../operations/image-resize/failure';
import { FakeSQS } from '../../fakes/fake-sqs';

test('an event that is set aside is read by the redrive, with its record as it came', async () => {
  const fake = new FakeSQS({ notFound: {} });
  const client = new SQSClient(fake.clientConfig);
  const record = { eventSource: 'aws:s3', s3: { object: { key: 'a+b.jpg' } }, unknown: 1 };
  const now = new Date('2026-01-01T00:00:00.000Z');
  await setAside({ client, queueUrl: fake.urlOf('notFound'), signal: new AbortController().signal }, record, now);
  const [message] = fake.queue('notFound').messages;
  expect(readFailure(message?.body ?? '')).toEqual({
    condition: 'PhotoNotFound',
    failedAt: now,
    reason: expect.stringContaining('PhotoNotFoundError: S3 has neither the photo nor a delete marker') as string,
    event: { Records: [record] },
  });
});
