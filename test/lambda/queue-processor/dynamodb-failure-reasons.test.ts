import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readFailureReasons, saveFailureReason } from '../../../lambda/queue-processor/dynamodb-failure-reasons';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';

function aTable() {
  const dynamodb = new FakeDynamoDB({ FailureReasons: { partitionKey: 'messageId' } });
  const client = new DynamoDBClient(dynamodb.clientConfig);
  return { dynamodb, table: { client, tableName: 'FailureReasons', signal: new AbortController().signal } };
}

const failure = {
  messageId: 'm-1',
  orderId: 'o-1',
  reason: 'tables-busy',
  detail: 'refused',
  receiveCount: 2,
} as const;
const noPause = async () => undefined;
const now = new Date('2026-11-21T08:00:00Z');

it('saved reasons are found by message id, in one call', async () => {
  const { table, dynamodb } = aTable();
  await saveFailureReason(table, failure, now);
  await saveFailureReason(table, { messageId: 'm-2', reason: 'malformed', detail: 'not JSON', receiveCount: 1 }, now);
  expect(Object.fromEntries(await readFailureReasons(table, ['m-1', 'm-2', 'm-3'], noPause))).toEqual({
    'm-1': { reason: 'tables-busy', detail: 'refused', orderId: 'o-1' },
    'm-2': { reason: 'malformed', detail: 'not JSON' },
  });
  expect(dynamodb.operations).toEqual(['PutItem', 'PutItem', 'BatchGetItem']);
});

it('a later failure of a message overwrites an earlier one', async () => {
  const { table } = aTable();
  await saveFailureReason(table, failure, now);
  await saveFailureReason(table, { messageId: 'm-1', reason: 'malformed', detail: 'not JSON', receiveCount: 3 }, now);
  expect((await readFailureReasons(table, ['m-1'], noPause)).get('m-1')).toEqual({
    reason: 'malformed',
    detail: 'not JSON',
  });
});

it('a reason is kept longer than the 14 days of its dead letter', async () => {
  const { dynamodb, table } = aTable();
  await saveFailureReason(table, failure, now);
  const item = dynamodb.item('FailureReasons', { messageId: { S: 'm-1' } });
  const days = (Number(item?.['expiresAt']?.N) - now.getTime() / 1_000) / 86_400;
  expect(days).toBeGreaterThan(14);
  expect(days).toBeLessThan(30);
});

/** Answers that no key was processed, so many times. */
function throttle(dynamodb: FakeDynamoDB, times: number): void {
  dynamodb.before = ({ operation, body }) => {
    if (operation !== 'BatchGetItem' || times-- <= 0) return undefined;
    const { RequestItems } = JSON.parse(body.toString()) as { RequestItems: object };
    const answer = { Responses: {}, UnprocessedKeys: RequestItems };
    return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(answer) };
  };
}

it('keys that were not processed are read again', async () => {
  const { dynamodb, table } = aTable();
  await saveFailureReason(table, failure, now);
  throttle(dynamodb, 1);
  expect((await readFailureReasons(table, ['m-1'], noPause)).get('m-1')).toMatchObject({ reason: 'tables-busy' });
});

it('a table that is throttled for longer is an error, not a missing reason', async () => {
  const { dynamodb, table } = aTable();
  throttle(dynamodb, 10);
  const pauses: number[] = [];
  const reading = readFailureReasons(table, ['m-1'], async (next) => void pauses.push(next));
  await expect(reading).rejects.toThrow('1 reasons were not read');
  expect(pauses).toEqual([2, 3, 4]);
});
