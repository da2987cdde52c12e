import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DocumentRecord } from '../document';

export type Item = Readonly<Record<string, AttributeValue>>;
export type DocumentId = Pick<DocumentRecord, 'owner' | 'id'>;

export function keyOf({ owner, id }: DocumentId): Record<string, AttributeValue> {
  return { owner: { S: owner }, documentId: { S: id } };
}

/** Condition of an item whose time has not come: DynamoDB deletes expired ones days later. */
export const unexpired = '(attribute_not_exists(expiresAt) OR expiresAt > :now)';

/** Seconds since 1970, as DynamoDB's time to live counts. */
export function seconds(at: Date): AttributeValue {
  return { N: String(Math.floor(at.getTime() / 1_000)) };
}

export function attributeOf(value: string | readonly string[]): AttributeValue {
  return typeof value === 'string' ? { S: value } : { L: value.map((one) => ({ S: one })) };
}

export function itemOf(record: DocumentRecord): Record<string, AttributeValue> {
  const { title, contentType, status, createdAt, updatedAt, bytes, version, expiresAt, tags } = record;
  return {
    ...keyOf(record),
    title: { S: title },
    contentType: { S: contentType },
    status: { S: status },
    createdAt: { S: createdAt },
    updatedAt: { S: updatedAt },
    bytes: { N: String(bytes) },
    version: { N: String(version) },
    tags: attributeOf(tags),
    ...(expiresAt === undefined ? {} : { expiresAt: { N: String(expiresAt) } }),
  };
}

/** Only this stack writes the table, so an item needs no validation. */
export function recordOf(item: Item): DocumentRecord {
  const text = (name: string): string => item[name]?.S ?? '';
  const expiresAt = item['expiresAt']?.N;
  return {
    owner: text('owner'),
    id: text('documentId'),
    title: text('title'),
    contentType: text('contentType'),
    bytes: Number(item['bytes']?.N),
    tags: (item['tags']?.L ?? []).map(({ S = '' }) => S),
    status: text('status') === 'available' ? 'available' : 'awaiting-upload',
    version: Number(item['version']?.N),
    createdAt: text('createdAt'),
    updatedAt: text('updatedAt'),
    ...(expiresAt === undefined ? {} : { expiresAt: Number(expiresAt) }),
  };
}
