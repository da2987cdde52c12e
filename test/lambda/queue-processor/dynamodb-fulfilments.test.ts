import {
  ConditionalCheckFailedException,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { dynamodbFulfilments } from '../../../lambda/queue-processor/dynamodb-fulfilments';
import { anOrder } from './orders';

const $metadata = {};

function tablesThatAnswer(answer: () => unknown) {
  const sent: unknown[] = [];
  const client = {
    send: async (command: unknown) => {
      sent.push(command);
      return answer();
    },
  } as unknown as DynamoDBClient;
  const fulfilments = dynamodbFulfilments({
    client,
    fulfilmentsTable: 'Fulfilments',
    stockTable: 'Stock',
    signal: new AbortController().signal,
    now: () => new Date('2026-11-21T08:00:05Z'),
  });
  return { fulfilments, sent };
}

const throwing = (error: unknown) => () => {
  throw error;
};
const cancelled = (CancellationReasons: object[]) =>
  throwing(new TransactionCanceledException({ message: 'cancelled', $metadata, CancellationReasons }));

it('one transaction puts the fulfilment if there is none, and takes each line if there is enough', async () => {
  const { fulfilments, sent } = tablesThatAnswer(() => ({}));
  const items = [
    { sku: 'b', quantity: 1 },
    { sku: 'a', quantity: 2 },
    { sku: 'b', quantity: 4 },
  ];
  expect(await fulfilments.fulfil(anOrder({ items }), 'hash')).toBeUndefined();
  const [command] = sent as [TransactWriteItemsCommand];
  expect(command).toBeInstanceOf(TransactWriteItemsCommand);
  expect(command.input).toEqual({
    TransactItems: [
      {
        Put: {
          TableName: 'Fulfilments',
          ConditionExpression: 'attribute_not_exists(orderId)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          Item: expect.objectContaining({
            orderId: { S: 'o-1' },
            status: { S: 'fulfilled' },
            content: { S: 'hash' },
            decidedAt: { S: '2026-11-21T08:00:05.000Z' },
          }) as object,
        },
      },
      ...[
        ['a', '2'],
        ['b', '5'],
      ].map(([sku, quantity]) => ({
        Update: {
          TableName: 'Stock',
          Key: { sku: { S: sku } },
          UpdateExpression: 'SET available = available - :quantity',
          ConditionExpression: 'available >= :quantity',
          ExpressionAttributeValues: { ':quantity': { N: quantity } },
        },
      })),
    ],
  });
});

it('a backordered fulfilment is put only if there is none', async () => {
  const { fulfilments, sent } = tablesThatAnswer(() => ({}));
  expect(await fulfilments.backorder(anOrder(), 'hash')).toBeUndefined();
  const [command] = sent as [PutItemCommand];
  expect(command.input).toMatchObject({
    TableName: 'Fulfilments',
    ConditionExpression: 'attribute_not_exists(orderId)',
    Item: { orderId: { S: 'o-1' }, status: { S: 'backordered' } },
  });
});

it('the reasons of a cancelled transaction are told action by action, with the content that is there', async () => {
  const { fulfilments } = tablesThatAnswer(
    cancelled([
      { Code: 'ConditionalCheckFailed', Item: { orderId: { S: 'o-1' }, content: { S: 'other' } } },
      { Code: 'None' },
      { Code: 'TransactionConflict' },
    ]),
  );
  expect(await fulfilments.fulfil(anOrder(), 'hash')).toEqual([
    { code: 'ConditionalCheckFailed', content: 'other' },
    { code: 'None' },
    { code: 'TransactionConflict' },
  ]);
});

it('a fulfilment that is there refuses the backordered one, and says what it holds', async () => {
  const { fulfilments } = tablesThatAnswer(
    throwing(new ConditionalCheckFailedException({ message: 'no', $metadata, Item: { content: { S: 'other' } } })),
  );
  expect(await fulfilments.backorder(anOrder(), 'hash')).toEqual([
    { code: 'ConditionalCheckFailed', content: 'other' },
  ]);
});

const named = (name: string, message = '') => Object.assign(new Error(message), { name });

it.each([
  ['TransactionConflictException', 'tables-busy'],
  ['TransactionInProgressException', 'tables-busy'],
  ['ThrottlingException', 'tables-busy'],
  ['ProvisionedThroughputExceededException', 'tables-busy'],
  ['AccessDeniedException', 'unexpected'],
  ['TimeoutError', 'unexpected'],
])('%s is %s, and worth another try', async (name, reason) => {
  const { fulfilments } = tablesThatAnswer(throwing(named(name, 'jane@example.com')));
  await expect(fulfilments.fulfil(anOrder(), 'hash')).rejects.toMatchObject({
    reason,
    detail: `TransactWriteItems: ${name}`,
    retryable: true,
  });
});
