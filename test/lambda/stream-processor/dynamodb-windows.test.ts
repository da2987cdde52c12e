import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { addToWindow } from '../../../lambda/stream-processor/adapters/dynamodb-windows';
import type { Reading } from '../../../lambda/stream-processor/reading';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { jsonRefusal } from '../../fakes/json-service';
import { aReading } from './readings';

let fake: FakeDynamoDB;
beforeEach(() => {
  fake = new FakeDynamoDB({
    Windows: { partitionKey: 'deviceId', sortKey: 'windowStart' },
    Seen: { partitionKey: 'reading' },
  });
});

const windowStart = '2026-11-27T09:30:00.000Z';

function add(...readings: Reading[]): Promise<number> {
  const tables = {
    client: new DynamoDBClient(fake.clientConfig),
    windowsTableName: 'Windows',
    seenTableName: 'Seen',
    expiresAt: () => 1_800_000_000,
    retryPolicy: { hasTimeLeft: () => true, pause: () => Promise.resolve(), signal: new AbortController().signal },
  };
  return addToWindow(tables, { deviceId: 'd-1', windowStart, readings, firstIndex: 0 });
}

const window = () => fake.item('Windows', { deviceId: { S: 'd-1' }, windowStart: { S: windowStart } });
const readingOf = (id: number, value = String(id)) => aReading({ readingId: `r-${id}`, value });

it('a window has the readings that were added to it, at once or later', async () => {
  expect(await add(readingOf(1, '0.1'), readingOf(2, '0.2'))).toBe(2);
  expect(await add(readingOf(3, '-5'))).toBe(1);
  expect(window()).toMatchObject({ count: { N: '3' }, sum: { N: '-4.7' }, min: { N: '-5' }, max: { N: '0.2' } });
});

it('a reading that was added before changes nothing, whatever comes with it', async () => {
  await add(readingOf(1), readingOf(2));
  expect(await add(readingOf(2), readingOf(3))).toBe(1);
  expect(await add(readingOf(1))).toBe(0);
  expect(window()).toMatchObject({ count: { N: '3' }, sum: { N: '6' } });
});

it('another reading with the same id is refused and changes nothing', async () => {
  await add(readingOf(1));
  await expect(add(readingOf(1, '7'))).rejects.toThrow('another one of its device');
  expect(window()).toMatchObject({ count: { N: '1' }, sum: { N: '1' } });
});

it('more readings than fit into a transaction are added in several', async () => {
  const readings = Array.from({ length: 250 }, (_, index) => readingOf(index));
  expect(await add(...readings)).toBe(250);
  expect(window()).toMatchObject({ count: { N: '250' }, version: { N: '3' } });
});

it('a window that another writer has changed meanwhile is read again', async () => {
  await add(readingOf(1));
  let isDisturbed = false;
  fake.before = async ({ operation }) => {
    if (operation !== 'TransactWriteItems' || isDisturbed) return undefined;
    isDisturbed = true;
    await add(readingOf(2));
    return undefined;
  };
  expect(await add(readingOf(3))).toBe(1);
  expect(window()).toMatchObject({ count: { N: '3' }, sum: { N: '6' } });
});

it('an answer that is lost does not add a reading twice', async () => {
  let isLost = false;
  fake.after = ({ operation }) => {
    if (operation !== 'TransactWriteItems' || isLost) return undefined;
    isLost = true;
    return jsonRefusal('InternalServerError', 'lost', {}, 500);
  };
  await add(readingOf(1));
  expect(isLost).toBe(true);
  expect(window()).toMatchObject({ count: { N: '1' }, sum: { N: '1' } });
});

it.each(['TransactionConflict', 'ProvisionedThroughputExceeded', 'ThrottlingError'])(
  'a transaction that was cancelled by %s is repeated',
  async (Code) => {
    let times = 0;
    fake.before = ({ operation }) => {
      if (operation !== 'TransactWriteItems' || times++ > 1) return undefined;
      return jsonRefusal('TransactionCanceledException', 'cancelled', {
        CancellationReasons: [{ Code }, { Code: 'None' }],
      });
    };
    expect(await add(readingOf(1))).toBe(1);
    expect(times).toBe(3);
  },
);

it('a mark expires when no repeated reading can arrive any more', async () => {
  await add(readingOf(1));
  expect(fake.item('Seen', { reading: { S: 'd-1/r-1' } })?.['expiresAt']).toEqual({ N: '1800000000' });
});
