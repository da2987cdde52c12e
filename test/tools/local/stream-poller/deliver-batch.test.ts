import fc from 'fast-check';
import type { Answer } from '../../../../tools/local/stream-poller/batch-answer';
import { deliverBatch, type Discarded } from '../../../../tools/local/stream-poller/deliver-batch';
import type { StreamMapping } from '../../../../tools/local/stream-poller/mapping';
import type { StreamRecord } from '../../../../tools/local/stream-poller/stream-source';
import { mappingWith, numbersOf, recordsOf } from './sample-records';

const succeeded: Answer = { functionError: undefined, response: null };
const failed: Answer = { functionError: 'Unhandled', response: { errorType: 'Error' } };
const partial = (...numbers: unknown[]): Answer => ({
  functionError: undefined,
  response: { batchItemFailures: numbers.map((itemIdentifier) => ({ itemIdentifier })) },
});

/** Function that fails as often as a poison record is the first one, and names it otherwise. */
const poisonedBy =
  (...poison: string[]) =>
  (records: readonly StreamRecord[]): Answer => {
    const first = records.find(({ sequenceNumber }) => poison.includes(sequenceNumber));
    if (first === undefined) return partial();
    return first === records[0] ? failed : partial(first.sequenceNumber);
  };

/** Delivers records and returns the batches of the invocations and what was discarded. */
async function deliver(
  records: readonly StreamRecord[],
  settings: Partial<StreamMapping>,
  answer: (records: readonly StreamRecord[], invocation: number) => Answer,
  now: () => number = () => 1_000,
) {
  const invoked: string[] = [];
  const discarded: Discarded[] = [];
  await deliverBatch(records, {
    mapping: mappingWith(settings),
    invoke: (batch) => Promise.resolve(answer(batch, invoked.push(numbersOf(batch)))),
    discard: (some) => Promise.resolve(void discarded.push(some)),
    now,
    pause: () => Promise.resolve(),
  });
  return { invoked, discarded: discarded.map(({ records: some }) => numbersOf(some)), details: discarded };
}

describe('a batch that fails as a whole', () => {
  it('is retried until it succeeds', async () => {
    const { invoked, discarded } = await deliver(recordsOf(2), {}, (_, call) => (call < 4 ? failed : succeeded));
    expect(invoked).toEqual(['1 2', '1 2', '1 2', '1 2']);
    expect(discarded).toEqual([]);
  });

  it('is discarded after the maximum number of retries', async () => {
    const { invoked, discarded, details } = await deliver(recordsOf(2), { maximumRetries: 2 }, () => failed);
    expect(invoked).toHaveLength(3);
    expect(discarded).toEqual(['1 2']);
    expect(details[0]).toMatchObject({ condition: 'RetryAttemptsExhausted', invocations: 3 });
  });

  it('is split in two with bisect, which uses up no retry', async () => {
    const { invoked, discarded } = await deliver(recordsOf(4), { bisects: true, maximumRetries: 1 }, (records) =>
      numbersOf(records).includes('2') ? failed : succeeded,
    );
    expect(invoked).toEqual(['1 2 3 4', '1 2', '1', '2', '2', '3 4']);
    expect(discarded).toEqual(['2']);
  });
});

describe('records that are too old', () => {
  it('are discarded before they are sent to the function', async () => {
    const records = [...recordsOf(1), { ...recordsOf(2)[1]!, arrivedAt: 5_000 }];
    const { invoked, details } = await deliver(
      records,
      { maximumAgeMilliseconds: 3_000 },
      () => succeeded,
      () => 5_000,
    );
    expect(invoked).toEqual(['2']);
    expect(details).toMatchObject([{ condition: 'RecordAgeExceeded', invocations: 0 }]);
  });

  it('are discarded between two retries', async () => {
    let now = 1_000;
    const answer = (): Answer => {
      now += 400;
      return failed;
    };
    const { invoked, discarded } = await deliver(recordsOf(1), { maximumAgeMilliseconds: 1_000 }, answer, () => now);
    expect(invoked).toHaveLength(3);
    expect(discarded).toEqual(['1']);
  });
});

it('an invocation that Lambda turns away is retried, whatever the maximum number of retries', async () => {
  const { invoked, discarded } = await deliver(recordsOf(1), { maximumRetries: 0 }, (_, call) =>
    call < 5 ? 'not-invoked' : succeeded,
  );
  expect(invoked).toHaveLength(5);
  expect(discarded).toEqual([]);
});

describe('a partial batch response', () => {
  const reports = { reportsItemFailures: true };

  it('makes the records from the failed one on come again', async () => {
    const { invoked } = await deliver(recordsOf(4), reports, (_, call) => (call === 1 ? partial('3') : succeeded));
    expect(invoked).toEqual(['1 2 3 4', '3 4']);
  });

  it('counts by its lowest sequence number', async () => {
    const { invoked } = await deliver(recordsOf(4), reports, (_, call) => (call === 1 ? partial('4', '2') : succeeded));
    expect(invoked).toEqual(['1 2 3 4', '2 3 4']);
  });

  it.each([
    ['an empty list', { batchItemFailures: [] }],
    ['a null list', { batchItemFailures: null }],
    ['an empty response', {}],
    ['a null response', null],
  ])('is a success with %s', async (_, response) => {
    const { invoked } = await deliver(recordsOf(2), reports, () => ({ functionError: undefined, response }));
    expect(invoked).toEqual(['1 2']);
  });

  it.each([
    ['an empty identifier', { itemIdentifier: '' }],
    ['a null identifier', { itemIdentifier: null }],
    ['a misspelled key', { itemId: '2' }],
    ['a record of another batch', { itemIdentifier: '99' }],
  ])('fails the whole batch with %s', async (_, failure) => {
    const response = { batchItemFailures: [failure] };
    const { invoked } = await deliver(recordsOf(2), reports, (_records, call) =>
      call === 1 ? { functionError: undefined, response } : succeeded,
    );
    expect(invoked).toEqual(['1 2', '1 2']);
  });

  it('is ignored where the mapping does not ask for it', async () => {
    const { invoked } = await deliver(recordsOf(2), {}, () => partial('2'));
    expect(invoked).toEqual(['1 2']);
  });
});

it('isolates poison records, delivers all others, and keeps their order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.array(fc.nat(59), { maxLength: 6 }), async (count, places) => {
      const poison = [...new Set(places)].filter((place) => place < count).map((place) => String(place + 1));
      const done: string[] = [];
      const answer = (records: readonly StreamRecord[]): Answer => {
        const all = records.map(({ sequenceNumber }) => sequenceNumber);
        const first = all.findIndex((one) => poison.includes(one));
        done.push(...all.slice(0, first === -1 ? all.length : first));
        return poisonedBy(...poison)(records);
      };
      const settings = { bisects: true, reportsItemFailures: true, maximumRetries: 2 };
      const { discarded } = await deliver(recordsOf(count), settings, answer);
      expect(discarded.sort()).toEqual([...poison].sort());
      expect(done.map(Number)).toEqual(
        Array.from({ length: count }, (_, index) => index + 1).filter((one) => !poison.includes(String(one))),
      );
    }),
  );
});
