import type { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { readFailureReason, saveFailureReason } from '../../../lambda/queue-processor/dynamodb-failure-reasons';

/** A table in memory. */
function aTable() {
  const items = new Map<string, Record<string, { S?: string; N?: string }>>();
  const send = async (command: PutItemCommand | GetItemCommand) => {
    if ('Item' in command.input) {
      const { Item } = command.input as { Item: Record<string, { S?: string; N?: string }> };
      items.set(Item['messageId']!.S!, Item);
      return {};
    }
    return { Item: items.get((command as GetItemCommand).input.Key!['messageId']!.S!) };
  };
  const client = { send } as unknown as DynamoDBClient;
  return { items, table: { client, tableName: 'FailureReasons', signal: new AbortController().signal } };
}

const failure = {
  messageId: 'm-1',
  orderId: 'o-1',
  reason: 'tables-busy',
  detail: 'refused',
  receiveCount: 2,
} as const;
const now = new Date('2026-11-21T08:00:00Z');

it('a saved reason is found by message id', async () => {
  const { table } = aTable();
  await saveFailureReason(table, failure, now);
  expect(await readFailureReason(table, 'm-1')).toEqual({ reason: 'tables-busy', detail: 'refused', orderId: 'o-1' });
  expect(await readFailureReason(table, 'm-2')).toBeUndefined();
});

it('a later failure of a message overwrites an earlier one', async () => {
  const { table } = aTable();
  await saveFailureReason(table, failure, now);
  await saveFailureReason(table, { messageId: 'm-1', reason: 'malformed', detail: 'not JSON', receiveCount: 3 }, now);
  expect(await readFailureReason(table, 'm-1')).toEqual({ reason: 'malformed', detail: 'not JSON' });
});

it('a reason is kept longer than the 14 days of its dead letter', async () => {
  const { items, table } = aTable();
  await saveFailureReason(table, failure, now);
  const days = (Number(items.get('m-1')!['expiresAt']!.N) - now.getTime() / 1_000) / 86_400;
  expect(days).toBeGreaterThan(14);
  expect(days).toBeLessThan(30);
});
