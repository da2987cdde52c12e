import type { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { keepReason, keptReason } from '../../../lambda/queue-processor/dynamodb-failure-reasons';

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
  return { items, table: { client, table: 'FailureReasons', signal: new AbortController().signal } };
}

const failure = {
  messageId: 'm-1',
  orderId: 'o-1',
  reason: 'tables-busy',
  detail: 'refused',
  receiveCount: 2,
} as const;
const now = new Date('2026-11-21T08:00:00Z');

it('a reason that was kept is found by message id', async () => {
  const { table } = aTable();
  await keepReason(table, failure, now);
  expect(await keptReason(table, 'm-1')).toEqual({ reason: 'tables-busy', detail: 'refused', orderId: 'o-1' });
  expect(await keptReason(table, 'm-2')).toBeUndefined();
});

it('the last failure of a message stands', async () => {
  const { table } = aTable();
  await keepReason(table, failure, now);
  await keepReason(table, { messageId: 'm-1', reason: 'malformed', detail: 'not JSON', receiveCount: 3 }, now);
  expect(await keptReason(table, 'm-1')).toEqual({ reason: 'malformed', detail: 'not JSON' });
});

it('a reason outlives the 14 days that its message can wait', async () => {
  const { items, table } = aTable();
  await keepReason(table, failure, now);
  const days = (Number(items.get('m-1')!['expiresAt']!.N) - now.getTime() / 1_000) / 86_400;
  expect(days).toBeGreaterThan(14);
  expect(days).toBeLessThan(30);
});
