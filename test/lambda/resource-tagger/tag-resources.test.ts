import type { SQSBatchResponse } from 'aws-lambda';
import { captureOutput } from '../../fakes/captured-output';
import { FakeSQS } from '../../fakes/fake-sqs';
import { loadHandler } from '../../fakes/load-handler';
import { anEvent } from './creation-events';

const passed = {
  tagKeys: { creator: 'created-by', createdAt: 'created-at', eventId: 'creation-event', costCenter: 'cost-center' },
  costCenters: {},
  requiredTags: [],
  consistencySeconds: 60,
  lookAgainSeconds: 1,
};
let sqs: FakeSQS;

beforeEach(() => {
  sqs = new FakeSQS({ Events: { visibilityTimeoutSeconds: 360 } });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await sqs.close();
});

it.each([
  [{ eventName: 'a-secret' }, 'a call that creates nothing that is tagged'],
  [{ response: { secret: 'a-secret' } }, 'a record that names no resource'],
])('a message with %j comes back soon, and its content is not logged', async (call, detail) => {
  const environment = await sqs.listen();
  const handler = loadHandler<SQSBatchResponse>('resource-tagger/tag-resources', {
    ...environment,
    EVENTS_QUEUE_URL: sqs.urlOf('Events'),
    NOTICES_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:notices',
    TAGGER_SETTINGS: JSON.stringify(passed),
    RETRY_BASE_SECONDS: '1',
  });
  const output = captureOutput();
  sqs.queue('Events').send({ MessageBody: JSON.stringify(anEvent(call)) });
  const response = await sqs.deliver('Events', (event) => handler(event));
  expect(response?.batchItemFailures).toHaveLength(1);
  expect(output.lines('message postponed')).toMatchObject([{ errorName: 'UnusableEventError', seconds: 1, detail }]);
  expect(output.text).not.toContain('a-secret');
});

it('anything but a batch of messages is refused', async () => {
  const environment = await sqs.listen();
  const handler = loadHandler('resource-tagger/tag-resources', {
    ...environment,
    EVENTS_QUEUE_URL: sqs.urlOf('Events'),
    NOTICES_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:notices',
    TAGGER_SETTINGS: JSON.stringify(passed),
    RETRY_BASE_SECONDS: '1',
  });
  captureOutput();
  await expect(handler({})).rejects.toThrow('Records');
});
