import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type AttributeValue,
  type TransactWriteItem,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { FakeDynamoDB } from './fake-dynamodb';
import { jsonRefusal } from './json-service';

const TableName = 'Orders';
let fake: FakeDynamoDB;
let client: DynamoDBClient;

beforeEach(() => {
  fake = new FakeDynamoDB({
    Orders: {
      partitionKey: 'orderId',
      indexes: { watched: { partitionKey: 'watch', sortKey: 'since', projection: ['amount'] } },
    },
    Lines: { partitionKey: 'orderId', sortKey: 'line' },
  });
  client = new DynamoDBClient(fake.clientConfig);
});

const order = (id: string, more: Record<string, AttributeValue> = {}) => ({ orderId: { S: id }, ...more });
const key = (id: string) => ({ orderId: { S: id } });
const there = (id = 'o-1') => fake.item('Orders', key(id));

/** Updates o-1; names and values are those of all the expressions here that are used in it. */
function update(more: Partial<UpdateItemCommandInput>) {
  const text = [more.UpdateExpression, more.ConditionExpression].join(' ');
  const known: Record<string, AttributeValue> = {
    ':one': { N: '1' },
    ':tenth': { N: '0.1' },
    ':two': { N: '2' },
    ':a': { S: 'a' },
    ':list': { L: [{ S: 'x' }] },
    ':set': { SS: ['x', 'y'] },
    ':map': { M: {} },
    ':type': { S: 'N' },
  };
  const used = Object.entries(known).filter(([name]) => new RegExp(`${name}\\b`).test(text));
  return client.send(
    new UpdateItemCommand({
      TableName,
      Key: key('o-1'),
      ...(used.length > 0 ? { ExpressionAttributeValues: Object.fromEntries(used) } : {}),
      ...more,
    }),
  );
}

it.each<[string, boolean]>([
  ['attribute_exists(amount)', true],
  ['attribute_not_exists(amount)', false],
  ['attribute_type(amount, :type)', true],
  ['begins_with(code, :a)', true],
  ['contains(tags, :a)', true],
  ['size(tags) = :two', true],
  ['amount > :one AND amount <= :two', true],
  ['amount < :one OR (code = :a AND NOT amount = :one)', false],
  ['amount BETWEEN :one AND :two', true],
  ['amount IN (:one, :two)', true],
  ['absent <> :one', true],
  ['absent < :one', false],
  ['code > :one', false],
  ['address.city = :a', true],
  ['entries[1] = :a', true],
  ['not_there.city = :a', false],
])('a condition %s evaluates to %s', async (ConditionExpression, holds) => {
  const amount = { N: '2.00' };
  const tags = { SS: ['a', 'b'] };
  const address = { M: { city: { S: 'a' } } };
  fake.put(
    'Orders',
    order('o-1', { amount, tags, address, code: { S: 'abc' }, entries: { L: [{ S: 'z' }, { S: 'a' }] } }),
  );
  const sent = update({ ConditionExpression });
  if (holds) await sent;
  else await expect(sent).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
});

it.each<[string, Record<string, AttributeValue>, Record<string, AttributeValue>]>([
  ['SET amount = :one, code = :a', {}, { amount: { N: '1' }, code: { S: 'a' } }],
  ['SET amount = amount + :tenth', { amount: { N: '0.2' } }, { amount: { N: '0.3' } }],
  ['SET amount = amount - :two', { amount: { N: '1.5' } }, { amount: { N: '-0.5' } }],
  ['SET amount = if_not_exists(amount, :one)', { amount: { N: '7' } }, { amount: { N: '7' } }],
  ['SET amount = if_not_exists(amount, :one) + :one', {}, { amount: { N: '2' } }],
  ['SET entries = list_append(entries, :list)', { entries: { L: [] } }, { entries: { L: [{ S: 'x' }] } }],
  ['SET entries[9] = :a', { entries: { L: [{ S: 'z' }] } }, { entries: { L: [{ S: 'z' }, { S: 'a' }] } }],
  ['SET address.city = :a', { address: { M: {} } }, { address: { M: { city: { S: 'a' } } } }],
  ['REMOVE code SET amount = :one', { code: { S: 'a' } }, { amount: { N: '1' } }],
  [
    'REMOVE entries[0], entries[1]',
    { entries: { L: [{ S: '0' }, { S: '1' }, { S: '2' }] } },
    { entries: { L: [{ S: '2' }] } },
  ],
  ['ADD amount :two', {}, { amount: { N: '2' } }],
  ['ADD tags :set', { tags: { SS: ['x'] } }, { tags: { SS: ['x', 'y'] } }],
  ['DELETE tags :set', { tags: { SS: ['x', 'y', 'z'] } }, { tags: { SS: ['z'] } }],
  ['DELETE tags :set', { tags: { SS: ['x', 'y'] } }, {}],
])('%s of %j', async (UpdateExpression, before, after) => {
  fake.put('Orders', order('o-1', before));
  await update({ UpdateExpression });
  expect(there()).toEqual(order('o-1', after));
});

it.each([
  ['a reserved word', 'SET status = :one', 'reserved keyword: status'],
  ['a reserved word of another case', 'SET Status = :one', 'reserved keyword: Status'],
  ['a missing parent', 'SET address.city = :a', 'document path provided in the update expression is invalid'],
  ['a missing operand', 'SET amount = amount + :one', 'attribute that does not exist in the item'],
  ['an operand of another type', 'SET code = code + :one', 'incorrect data type'],
  ['overlapping paths', 'SET address = :map, address.city = :a', 'Two document paths overlap'],
  ['a clause twice', 'SET amount = :one SET code = :a', 'only be used once'],
  ['a key', 'SET orderId = :a', 'part of the key'],
  ['an unknown name', 'SET #amount = :one', 'not defined: #amount'],
  ['multiplication', 'SET amount = amount * :two', 'Syntax error; token: * :two'],
  ['another clause', 'UPDATE amount = :two', 'Syntax error; token: UPDATE'],
])('an update with %s is refused', async (_, UpdateExpression, message) => {
  fake.put('Orders', order('o-1', { code: { S: 'a' } }));
  await expect(update({ UpdateExpression })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining(message),
  });
});

it('placeholders that are given and not used are refused', async () => {
  await expect(
    update({ UpdateExpression: 'SET amount = :one', ExpressionAttributeNames: { '#status': 'status' } }),
  ).rejects.toThrow('ExpressionAttributeNames unused in expressions: keys: {#status}');
});

it('a failed condition shows the item only where it was asked for', async () => {
  fake.put('Orders', order('o-1'));
  const put = {
    TableName,
    Item: order('o-1', { amount: { N: '1' } }),
    ConditionExpression: 'attribute_not_exists(orderId)',
  };
  const shown = new PutItemCommand({ ...put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
  await expect(client.send(shown)).rejects.toMatchObject({ Item: order('o-1') });
  await expect(client.send(new PutItemCommand(put))).rejects.toMatchObject({ Item: undefined });
  expect(there()).toEqual(order('o-1'));
});

it('a write returns what it was asked for', async () => {
  fake.put('Orders', order('o-1', { amount: { N: '1' }, code: { S: 'a' } }));
  const answer = await update({ UpdateExpression: 'SET amount = :two', ReturnValues: 'UPDATED_NEW' });
  expect(answer.Attributes).toEqual({ amount: { N: '2' } });
  const deletion = new DeleteItemCommand({ TableName, Key: key('o-1'), ReturnValues: 'ALL_OLD' });
  expect((await client.send(deletion)).Attributes).toMatchObject({ amount: { N: '2' } });
  expect((await client.send(new GetItemCommand({ TableName, Key: key('o-1') }))).Item).toBeUndefined();
});

it.each([
  ['a key of another table', { TableName: 'Lines', Item: order('o-1') }, 'not given a value: line'],
  ['an empty key', { TableName, Item: order('') }, 'cannot contain an empty value'],
  ['an empty set', { TableName, Item: order('o-1', { tags: { SS: [] } }) }, 'may not be empty'],
  ['more than 400 kB', { TableName, Item: order('o-1', { body: { S: 'x'.repeat(409_600) } }) }, 'Item size'],
])('an item with %s is refused', async (_, input, message) => {
  await expect(client.send(new PutItemCommand(input))).rejects.toThrow(message);
});

describe('a transaction', () => {
  const write = (...TransactItems: TransactWriteItem[]) =>
    client.send(new TransactWriteItemsCommand({ TransactItems }));
  const put = (id: string): TransactWriteItem => ({
    Put: { TableName, Item: order(id), ConditionExpression: 'attribute_not_exists(orderId)' },
  });

  it('does all of its writes, or none and says why', async () => {
    fake.put('Orders', order('o-2'));
    await expect(write(put('o-1'), put('o-2'))).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
    });
    expect(there()).toBeUndefined();
    await write(put('o-1'), { Delete: { TableName, Key: key('o-2') } });
    expect([there('o-1'), there('o-2')]).toEqual([order('o-1'), undefined]);
  });

  it('leaves nothing where one of its writes is invalid', async () => {
    const invalid = { Update: { TableName, Key: key('o-2'), UpdateExpression: 'SET amount = amount' } };
    await expect(write(put('o-1'), invalid)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(there()).toBeUndefined();
  });

  it('holds at most 100 operations, one for each item', async () => {
    await expect(write(put('o-1'), put('o-1'))).rejects.toThrow('multiple operations on one item');
    await expect(write(...Array.from({ length: 101 }, (_, index) => put(`o-${index}`)))).rejects.toThrow(
      'received 101',
    );
  });

  it('that is repeated with its token does nothing twice', async () => {
    const lost = new DynamoDBClient({ ...fake.clientConfig, maxAttempts: 2 });
    const answers = [jsonRefusal('InternalServerError', 'lost', {}, 500)];
    fake.after = () => answers.pop();
    await lost.send(new TransactWriteItemsCommand({ TransactItems: [put('o-1')] }));
    expect(fake.operations).toEqual(['TransactWriteItems', 'TransactWriteItems']);
  });

  it('shows what a condition found only where it was asked for', async () => {
    fake.put('Orders', order('o-1'));
    const shown = { ...put('o-1').Put!, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
    await expect(write({ Put: shown })).rejects.toMatchObject({ CancellationReasons: [{ Item: order('o-1') }] });
  });
});

describe('reading', () => {
  beforeEach(() => {
    for (const [id, since] of [
      ['o-1', '3'],
      ['o-2', '1'],
      ['o-3', '2'],
    ] as const) {
      fake.put('Orders', order(id, { watch: { S: 'w' }, since: { S: since }, amount: { N: '1' }, secret: { S: 's' } }));
    }
    fake.put('Orders', order('o-4'));
  });

  const query = (more: object = {}) =>
    client.send(
      new QueryCommand({
        TableName,
        IndexName: 'watched',
        KeyConditionExpression: 'watch = :w',
        ExpressionAttributeValues: { ':w': { S: 'w' } },
        ...more,
      }),
    );
  const ids = (items: readonly Record<string, AttributeValue>[] = []) => items.map(({ orderId }) => orderId?.S);

  it('a query follows the sort key, forward and back', async () => {
    expect(ids((await query()).Items)).toEqual(['o-2', 'o-3', 'o-1']);
    expect(ids((await query({ ScanIndexForward: false })).Items)).toEqual(['o-1', 'o-3', 'o-2']);
  });

  it('an index holds only what it projects', async () => {
    const [item] = (await query()).Items ?? [];
    expect(Object.keys(item ?? {}).sort()).toEqual(['amount', 'orderId', 'since', 'watch']);
  });

  it('a query goes on where its last page ended', async () => {
    const first = await query({ Limit: 2 });
    const { LastEvaluatedKey: ExclusiveStartKey } = first;
    const second = await query({ Limit: 2, ExclusiveStartKey });
    expect([ids(first.Items), ids(second.Items), second.LastEvaluatedKey]).toEqual([
      ['o-2', 'o-3'],
      ['o-1'],
      undefined,
    ]);
  });

  it('a filter takes from a page after the limit', async () => {
    const filtered = {
      FilterExpression: 'since > :one',
      ExpressionAttributeValues: { ':w': { S: 'w' }, ':one': { S: '1' } },
    };
    expect(await query({ ...filtered, Limit: 1 })).toMatchObject({ Count: 0, ScannedCount: 1 });
  });

  it('a query that names no partition key is refused, and a reserved word even where nothing is found', async () => {
    await expect(query({ KeyConditionExpression: 'since = :w' })).rejects.toThrow('missed key schema element: watch');
    await expect(
      query({ TableName: 'Lines', IndexName: undefined, KeyConditionExpression: 'order = :w' }),
    ).rejects.toThrow('reserved keyword: order');
  });

  it('a projection leaves the rest out', async () => {
    const get = new GetItemCommand({ TableName, Key: key('o-1'), ProjectionExpression: 'secret' });
    expect((await client.send(get)).Item).toEqual({ secret: { S: 's' } });
  });

  it('a scan reads all, a batch what it names', async () => {
    expect((await client.send(new ScanCommand({ TableName }))).Count).toBe(4);
    const batch = { [TableName]: { Keys: [key('o-1'), key('o-9')] } };
    expect((await client.send(new BatchGetItemCommand({ RequestItems: batch }))).Responses?.[TableName]).toHaveLength(
      1,
    );
    const twice = { [TableName]: { Keys: [key('o-1'), key('o-1')] } };
    await expect(client.send(new BatchGetItemCommand({ RequestItems: twice }))).rejects.toThrow('multiple operations');
  });

  it('a batch writes and deletes', async () => {
    const RequestItems = {
      [TableName]: [{ PutRequest: { Item: order('o-5') } }, { DeleteRequest: { Key: key('o-1') } }],
    };
    await client.send(new BatchWriteItemCommand({ RequestItems }));
    expect([there('o-5'), there('o-1')]).toEqual([order('o-5'), undefined]);
  });
});

it('a table that does not exist is an error', async () => {
  await expect(client.send(new GetItemCommand({ TableName: 'None', Key: key('o-1') }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
