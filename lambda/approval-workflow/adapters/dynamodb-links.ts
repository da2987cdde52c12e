import { GetItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface LinksTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly linksTableName: string;
}

/** Page that a link opens: one person's view of one round of one request. */
export interface LinkTarget {
  readonly requestId: string;
  readonly round: number;
  readonly person: string;
  readonly expiresAt: string;
}

/** Keeps a link by its hash. Needs `dynamodb:PutItem`. */
export async function putLink(
  { client, linksTableName: TableName }: LinksTable,
  hash: string,
  { requestId, round, person, expiresAt }: LinkTarget,
): Promise<void> {
  const Item = {
    linkHash: { S: hash },
    requestId: { S: requestId },
    round: { N: String(round) },
    person: { S: person },
    expiresAt: { S: expiresAt },
    // A week longer, so that a late click learns that the link has expired.
    deleteAfter: { N: String(Math.floor(Date.parse(expiresAt) / 1_000) + 604_800) },
  };
  await client.send(new PutItemCommand({ TableName, Item }));
}

/** Needs `dynamodb:GetItem`. */
export async function getLink(
  { client, linksTableName: TableName }: LinksTable,
  hash: string,
): Promise<LinkTarget | undefined> {
  const Key = { linkHash: { S: hash } };
  const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  const text = (name: string): string => Item?.[name]?.S ?? '';
  if (Item === undefined) return undefined;
  const [requestId, person, expiresAt] = [text('requestId'), text('person'), text('expiresAt')];
  return { requestId, round: Number(Item['round']?.N), person, expiresAt };
}
