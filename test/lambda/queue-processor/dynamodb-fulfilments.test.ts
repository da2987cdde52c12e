import {
  ConditionalCheckFailedException,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { writeBackorder, writeFulfilment } from '../../../lambda/queue-processor/dynamodb-fulfilments';
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
  const tables = {
    client,
    fulfilmentsTableName: 'Fulfilments',
    stockTableName: 'Stock',
    signal: new AbortController().signal,
    now: () => new Date('2026-11-21T08:00:05Z'),
  };
  return { tables, sent };
}

const throwing = (error: unknown) => () => {
  throw error;
};
const canceled = (CancellationReasons: object[]) =>
  throwing(new TransactionCanceledException({ message: 'canceled', $metadata, CancellationReasons }));

it('one transaction writes the fulfilment if there is none and takes each line if there is enough', async () => {
  const { tables, sent } = tablesThatAnswer(() => ({}));
  const items = [
    { sku: 'b', quantity: 1 },
    { sku: 'a', quantity: 2 },
    { sku: 'b', quantity: 4 },
  ];
  expect(await writeFulfilment(tables, anOrder({ items }), 'hash')).toBeUndefined();
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

it('a backordered fulfilment is written only if there is none', async () => {
  const { tables, sent } = tablesThatAnswer(() => ({}));
  expect(await writeBackorder(tables, anOrder(), 'hash')).toBeUndefined();
  const [command] = sent as [PutItemCommand];
  expect(command.input).toMatchObject({
    TableName: 'Fulfilments',
    ConditionExpression: 'attribute_not_exists(orderId)',
    Item: { orderId: { S: 'o-1' }, status: { S: 'backordered' } },
  });
});

it('each action of a canceled transaction has its reason and the fingerprint in the table', async () => {
  const { tables } = tablesThatAnswer(
    canceled([
      { Code: 'ConditionalCheckFailed', Item: { orderId: { S: 'o-1' }, content: { S: 'other' } } },
      { Code: 'None' },
      { Code: 'TransactionConflict' },
    ]),
  );
  expect(await writeFulfilment(tables, anOrder(), 'hash')).toEqual([
    { code: 'ConditionalCheckFailed', fingerprint: 'other' },
    { code: 'None' },
    { code: 'TransactionConflict' },
  ]);
});

it('an existing fulfilment refuses the backordered one and returns its fingerprint', async () => {
  const { tables } = tablesThatAnswer(
    throwing(new ConditionalCheckFailedException({ message: 'no', $metadata, Item: { content: { S: 'other' } } })),
  );
  expect(await writeBackorder(tables, anOrder(), 'hash')).toEqual([
    { code: 'ConditionalCheckFailed', fingerprint: 'other' },
  ]);
});

const named = (name: string, message = '') => Object.assign(new Error(message), { name });

it.each([
  ['TransactionConflictException', 'tables-busy'],
  ['TransactionInProgressException', 'tables-busy'],
  ['ThrottlingException', 'tables-busy'],
  ['ProvisionedThroughputExceededException', 'tables-busy'],
  ['RequestLimitExceeded', 'tables-busy'],
  ['TooManyRequestsException', 'tables-busy'],
  ['AccessDeniedException', 'unexpected'],
  ['TimeoutError', 'unexpected'],
])('%s is %s and can be retried', async (name, reason) => {
  const { tables } = tablesThatAnswer(throwing(named(name, 'jane@example.com')));
  await expect(writeFulfilment(tables, anOrder(), 'hash')).rejects.toMatchObject({
    reason,
    detail: `TransactWriteItems: ${name}`,
    retryable: true,
  });
});
