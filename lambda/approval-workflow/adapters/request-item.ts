import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Limit, RequestRecord } from '../request-record';

export type Item = Readonly<Record<string, AttributeValue>>;

/** Item of a record: text, whole numbers, booleans and lists of text. */
export function itemOf(record: RequestRecord): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(record as unknown as Record<string, unknown>)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, attributeOf(value)]),
  );
}

function attributeOf(value: unknown): AttributeValue {
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  return Array.isArray(value) ? { L: value.map((one) => ({ S: String(one) })) } : { S: String(value) };
}

/** Only this stack writes the table, so an item needs no validation. */
export function recordOf(item: Item): RequestRecord {
  const entries = Object.entries(item).map(([name, { S, N, BOOL, L }]) => {
    const list = L?.map((one) => one.S ?? '');
    return [name, S ?? (N === undefined ? (BOOL ?? list) : Number(N))];
  });
  return Object.fromEntries(entries) as RequestRecord;
}

/** Counts one machine more in a limit, unless that exceeds it. */
export function reserveUpdate(TableName: string, limit: Limit, cents: number) {
  return {
    Update: {
      TableName,
      Key: { owner: { S: limit.owner } },
      UpdateExpression: 'ADD machines :one, cents :cents',
      ConditionExpression:
        ':one <= :machines AND :cents <= :most AND ' +
        '(attribute_not_exists(machines) OR (machines <= :before AND cents <= :left))',
      ExpressionAttributeValues: {
        ':one': { N: '1' },
        ':cents': { N: String(cents) },
        ':machines': { N: String(limit.machines) },
        ':most': { N: String(limit.monthlyCents) },
        ':before': { N: String(limit.machines - 1) },
        ':left': { N: String(limit.monthlyCents - cents) },
      },
    },
  };
}

/** Counts one machine less. */
export function releaseUpdate(TableName: string, owner: string, cents: number) {
  return {
    Update: {
      TableName,
      Key: { owner: { S: owner } },
      UpdateExpression: 'ADD machines :one, cents :cents',
      ExpressionAttributeValues: { ':one': { N: '-1' }, ':cents': { N: String(-cents) } },
    },
  };
}
