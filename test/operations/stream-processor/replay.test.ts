import fc from 'fast-check';
import { readFailedBatch, type FailedBatch } from '../../../operations/stream-processor/failed-batch';
import { replayFailures, type Replay } from '../../../operations/stream-processor/replay';

const reading = (sequenceNumber: string, key = 'd-1') => ({
  kinesis: { partitionKey: key, sequenceNumber, data: '', approximateArrivalTimestamp: 1 },
});
const change = (sequenceNumber: string, accountId: string, version: number) => ({
  dynamodb: {
    Keys: { accountId: { S: accountId } },
    SequenceNumber: sequenceNumber,
    NewImage: { accountId: { S: accountId }, version: { N: String(version) } },
  },
});

function objectOf(key: string, ...events: object[]): FailedBatch {
  const requestContext = { functionArn: 'function', condition: 'RetryAttemptsExhausted' };
  const text = JSON.stringify({ requestContext, payload: JSON.stringify({ Records: events }) });
  return readFailedBatch(key, text)!;
}

const numberOf = (event: unknown): string => {
  const { kinesis, dynamodb } = event as {
    kinesis?: { sequenceNumber: string };
    dynamodb?: { SequenceNumber: string };
  };
  return kinesis?.sequenceNumber ?? dynamodb?.SequenceNumber ?? '';
};

/** Replays objects by a function that fails for some sequence numbers. */
async function replay(batches: readonly FailedBatch[], fails: readonly string[] = [], more: Partial<Replay> = {}) {
  const processed: string[] = [];
  const removed: string[] = [];
  const result = await replayFailures({
    batches,
    invoke: (_, events) => {
      const index = events.findIndex((event) => fails.includes(numberOf(event)));
      processed.push(...events.slice(0, index === -1 ? events.length : index).map(numberOf));
      return Promise.resolve(
        index === -1 ? { failedAt: undefined } : { failedAt: index, error: 'InvalidReadingError' },
      );
    },
    currentVersion: () => Promise.resolve(undefined),
    remove: (key) => Promise.resolve(void removed.push(key)),
    ...more,
  });
  return { ...result, processed, removed, count: result.processed };
}

it('an object that Lambda did not write for a stream is left alone', () => {
  expect(readFailedBatch('key', 'text')).toBeUndefined();
  expect(readFailedBatch('key', '{"requestContext":{"functionArn":"f","condition":"c"}}')).toBeUndefined();
});

it('records are sent in the order of their sequence numbers, whose digits differ, and the objects are deleted', async () => {
  const batches = [objectOf('b', reading('10')), objectOf('a', reading('9'), reading('100'))];
  const { processed, removed, left } = await replay(batches);
  expect(processed).toEqual(['9', '10', '100']);
  expect(removed.sort()).toEqual(['a', 'b']);
  expect(left).toBe(0);
});

it('large records are sent in as many invocations as they need, each with at least one', async () => {
  const large = (sequenceNumber: string, bytes: number) => ({ ...reading(sequenceNumber), filler: 'x'.repeat(bytes) });
  const calls: string[][] = [];
  const invoke: Replay['invoke'] = (_, events) => {
    calls.push(events.map(numberOf));
    return Promise.resolve({ failedAt: undefined });
  };
  const sizes = [2_400_000, 2_400_000, 2_400_000, 7_000_000, 10, 10];
  await replay([objectOf('a', ...sizes.map((bytes, index) => large(String(index + 1), bytes)))], [], { invoke });
  expect(calls).toEqual([['1', '2'], ['3'], ['4'], ['5', '6']]);
});

it('a record that fails again keeps its object; the others go on', async () => {
  const batches = [objectOf('a', reading('1'), reading('2')), objectOf('b', reading('3'))];
  const { processed, removed, left, failed } = await replay(batches, ['2']);
  expect(processed).toEqual(['1', '3']);
  expect(removed).toEqual(['b']);
  expect(left).toBe(1);
  expect(failed).toEqual([{ sequenceNumber: '2', error: 'InvalidReadingError' }]);
});

it('a change that fails again holds up later ones of its account', async () => {
  const batches = [objectOf('a', change('1', 'x', 1), change('2', 'y', 1)), objectOf('b', change('3', 'x', 2))];
  const { processed, left, failed } = await replay(batches, ['1']);
  expect(processed).toEqual(['2']);
  expect(left).toBe(2);
  expect(failed).toContainEqual({ sequenceNumber: '3', error: 'an earlier record of its key failed' });
});

it('changes that a newer version has overtaken are counted', async () => {
  const batches = [objectOf('a', change('1', 'x', 1), change('2', 'x', 3))];
  const { overtaken, count } = await replay(batches, [], { currentVersion: () => Promise.resolve(2) });
  expect([overtaken, count]).toEqual([1, 2]);
});

it('a stopped replay deletes no object that it has not finished', async () => {
  const stop = new AbortController();
  stop.abort();
  const { removed, left } = await replay([objectOf('a', reading('1'))], [], { signal: stop.signal });
  expect([removed, left]).toEqual([[], 1]);
});

it('whatever fails, each record is processed once or reported, and none is in a deleted object that was not processed', async () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 150 });
  await fc.assert(
    fc.asyncProperty(numbers, fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 10 }), async (all, bad) => {
      const batches = all.map((one) => objectOf(`object-${one}`, change(String(one), `account-${one % 7}`, one)));
      const { processed, removed, failed } = await replay(batches, bad.map(String));
      expect(new Set(processed).size).toBe(processed.length);
      expect([...processed, ...failed.map(({ sequenceNumber }) => sequenceNumber)].sort()).toEqual(
        all.map(String).sort(),
      );
      expect(removed.map((key) => key.replace('object-', '')).sort()).toEqual([...processed].sort());
    }),
    { numRuns: 50 },
  );
});
