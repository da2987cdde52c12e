import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import type { RedriveResponse } from '../../../lambda/queue-processor/redrive-request';

type Handler = (event: unknown, context: Context) => Promise<RedriveResponse>;

let handler: Handler;
beforeAll(() => {
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    ORDERS_QUEUE_URL: 'orders',
    DEAD_LETTER_QUEUE_URL: 'dead',
    FAILURE_REASONS_TABLE_NAME: 'FailureReasons',
    POWERTOOLS_METRICS_NAMESPACE: 'Test',
  });
  // After the environment, which it reads when it is loaded.
  ({ handler } = jest.requireActual<{ handler: Handler }>('../../../lambda/queue-processor/redrive-dead-letters'));
});

let dead: Message[];
let sent: unknown[];
let lines: string;

beforeEach(() => {
  dead = [
    { MessageId: 'm-1', ReceiptHandle: 'h-1', Body: 'jane@example.com', Attributes: { SentTimestamp: '1000' } },
    { MessageId: 'm-2', ReceiptHandle: 'h-2', Body: 'two', Attributes: { SentTimestamp: '1000' } },
  ];
  sent = [];
  lines = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines += String(text);
    return true;
  });
  const received = new Set<string>();
  jest.spyOn(SQSClient.prototype, 'send').mockImplementation((async (command: unknown) => {
    if (command instanceof GetQueueAttributesCommand) return { Attributes: { Visible: String(dead.length) } };
    if (command instanceof ReceiveMessageCommand) {
      const Messages = dead.filter(({ MessageId }) => !received.has(MessageId!));
      for (const { MessageId } of Messages) received.add(MessageId!);
      return { Messages };
    }
    if (command instanceof SendMessageCommand) sent.push(command.input.MessageBody);
    if (command instanceof DeleteMessageCommand) {
      dead = dead.filter(({ ReceiptHandle }) => ReceiptHandle !== command.input.ReceiptHandle);
    }
    return {};
  }) as never);
  jest.spyOn(DynamoDBClient.prototype, 'send').mockImplementation((async () => ({
    Item: { reason: { S: 'malformed' }, detail: { S: 'not JSON' } },
  })) as never);
});
afterEach(() => jest.restoreAllMocks());

const context = { getRemainingTimeInMillis: () => 60_000, awsRequestId: 'r' } as Context;

it('an empty request sends everything back', async () => {
  const response = await handler({}, context);
  expect(response).toMatchObject({ found: 2, sent: 2, left: 0, reasons: { malformed: 2 }, again: false });
  expect(sent).toEqual(['jane@example.com', 'two']);
});

it('neither the response nor the log contains the content of a message', async () => {
  const response = await handler({ dryRun: true }, context);
  expect(response.sample.map(({ messageId }) => messageId)).toEqual(['m-1', 'm-2']);
  expect(JSON.stringify(response) + lines).not.toContain('jane');
  expect(dead).toHaveLength(2);
});

it.each([
  [{ reason: 'nonsense' }, /reason/],
  [{ perSecond: 0 }, /perSecond/],
  [{ dryrun: true }, /the whole/],
  ['all', /the whole/],
])('%j is refused before anything is read', async (request, message) => {
  await expect(handler(request, context)).rejects.toThrow(message);
  expect([sent, dead.length]).toEqual([[], 2]);
});
