import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { loadRow } from '../../../../lambda/etl-pipeline/adapters/dynamodb-rows';
import { ContendedRowError } from '../../../../lambda/etl-pipeline/errors';
import { loadableRow } from '../../../../lambda/etl-pipeline/row-order';
import { FakeDynamoDB } from '../../../fakes/fake-dynamodb';
import { fileOf } from '../products';

let dynamodb: FakeDynamoDB;
beforeEach(() => {
  dynamodb = new FakeDynamoDB({ rows: { partitionKey: 'id' } });
});

const at = (second: number): string => `2026-11-26T10:00:0${second}.000Z/00`;
const product = (name: string, updatedAt = '2026-11-26T10:00:00.000Z', price = '12.5') =>
  ['A-1', name, price, 'EUR', '3', false, null, updatedAt] as const;

async function load(second: number, values: readonly (string | boolean | null)[], line = 2) {
  const file = fileOf({ order: at(second), fileId: `f${second}` });
  const table = {
    client: new DynamoDBClient(dynamodb.clientConfig),
    tableName: 'rows',
    signal: new AbortController().signal,
  };
  return loadRow(table, file, loadableRow(file, { line, values }));
}

const stored = () => dynamodb.item('rows', { id: { S: 'products#A-1' } });

it('a row is written with its values in their types; numbers keep their digits, and absent values are left out', async () => {
  expect(await load(1, product('Lamp', undefined, '12345678901234567890.12'))).toBe('loaded');
  expect(stored()).toMatchObject({
    id: { S: 'products#A-1' },
    dataset: { S: 'products' },
    fileId: { S: 'f1' },
    line: { N: '2' },
    values: {
      M: {
        sku: { S: 'A-1' },
        name: { S: 'Lamp' },
        price: { N: '12345678901234567890.12' },
        currency: { S: 'EUR' },
        stock: { N: '3' },
        discontinued: { BOOL: false },
        updatedAt: { S: '2026-11-26T10:00:00.000Z' },
      },
    },
  });
  expect(Object.keys(stored()!['values']!.M!)).not.toContain('availableFrom');
});

it('a new row and a changed one take one request each, an unchanged one two', async () => {
  await load(1, product('Lamp'));
  await load(2, product('Lamp 2'));
  await load(3, product('Lamp 2'));
  expect(dynamodb.operations).toEqual(['PutItem', 'PutItem', 'PutItem', 'UpdateItem']);
});

it('an unchanged row moves to the newer place and keeps what first brought its values', async () => {
  await load(1, product('Lamp'));
  const before = stored();
  expect(await load(3, product('Lamp'))).toBe('unchanged');
  expect(stored()).toEqual({ ...before, order: { S: expect.stringContaining(at(3)) as string } });
  expect(await load(2, product('Older'))).toBe('older');
  expect(stored()!['values']).toEqual(before!['values']);
});

it.each([
  ['an older file', 1, product('Old')],
  ['a lower version of a newer file', 3, product('Old', '2026-11-25T10:00:00.000Z')],
] as const)('%s changes nothing', async (_, second, values) => {
  await load(2, product('New'));
  expect(await load(second, values)).toBe('older');
  expect(stored()!['values']!.M!['name']).toEqual({ S: 'New' });
});

it('a row whose first answer was lost is loaded once', async () => {
  let lost = 0;
  dynamodb.after = () => (lost++ === 0 ? { status: 500, body: '{}' } : undefined);
  await expect(load(1, product('Lamp'))).rejects.toThrow();
  expect(await load(1, product('Lamp'))).toBe('loaded');
  lost = -100;
  expect(await load(2, product('Lamp'))).toBe('unchanged');
  expect(await load(2, product('Lamp'))).toBe('unchanged');
});

it('a row that another execution changes between two requests is decided again', async () => {
  await load(1, product('Lamp'));
  let between: (() => Promise<unknown>) | undefined = () => load(2, product('Another'));
  dynamodb.before = async ({ operation }) => {
    const act = operation === 'UpdateItem' ? between : undefined;
    if (act !== undefined) between = undefined;
    await act?.();
    return undefined;
  };
  expect(await load(3, product('Lamp'))).toBe('loaded');
  expect(stored()!['values']!.M!['name']).toEqual({ S: 'Lamp' });
});

it('a row that changes at every attempt ends with an error of its own, which is retried', async () => {
  await load(1, product('Lamp'));
  dynamodb.before = ({ operation }) =>
    operation === 'UpdateItem'
      ? { status: 400, body: JSON.stringify({ __type: 'com.amazonaws#ConditionalCheckFailedException' }) }
      : undefined;
  await expect(load(2, product('Lamp'))).rejects.toThrow(ContendedRowError);
});
