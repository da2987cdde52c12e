import { aggregateBatch } from '../../../lambda/stream-processor/aggregation';
import { streamResponse } from '../../../lambda/stream-processor/stream-response';
import { aReading, recordsOf, rules } from './readings';

const work = { rules, concurrency: 2, addToWindow: () => Promise.resolve(1), archive: () => Promise.resolve() };
const three = recordsOf(aReading(), aReading({ deviceId: 'd-2' }), aReading({ deviceId: 'd-3' }));

it('a group that fails names its first record; the others are added', async () => {
  const added: string[] = [];
  const result = await aggregateBatch(three, {
    ...work,
    addToWindow: ({ deviceId }) => {
      if (deviceId === 'd-2') return Promise.reject(new Error('busy'));
      added.push(deviceId);
      return Promise.resolve(1);
    },
  });
  expect(added).toEqual(['d-1', 'd-3']);
  expect(result).toMatchObject({ added: 2, failure: { index: 1 } });
  expect(streamResponse(three, result.failure)).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
});

it('readings are archived before they are added, those that are too late apart', async () => {
  const steps: string[] = [];
  const late = aReading({ readingId: 'late', takenAt: '2026-11-27T08:00:00.000Z' });
  const result = await aggregateBatch(recordsOf(aReading(), late), {
    ...work,
    addToWindow: ({ readings }) => Promise.resolve(steps.push(`add ${readings.length}`)).then(() => 1),
    archive: (some, tooLate) => Promise.resolve(void steps.push(`archive ${some.length} and ${tooLate.length}`)),
  });
  expect(steps).toEqual(['archive 1 and 1', 'add 1']);
  expect(result).toEqual({ added: 1, repeated: 0, late: 1, failure: undefined });
});

it('nothing is added that is not archived', async () => {
  const addToWindow = jest.fn(() => Promise.resolve(1));
  const archive = (): Promise<void> => Promise.reject(new Error('S3 is down'));
  await expect(aggregateBatch(three, { ...work, addToWindow, archive })).rejects.toThrow('S3 is down');
  expect(addToWindow).not.toHaveBeenCalled();
});

it('where the first record fails, the function fails, which makes Lambda split the batch', async () => {
  const records = recordsOf('text', aReading());
  const { failure } = await aggregateBatch(records, work);
  expect(() => streamResponse(records, failure)).toThrow('reading: use JSON');
});

it('a batch without a failure returns an empty list', () => {
  expect(streamResponse([], undefined)).toEqual({ batchItemFailures: [] });
});
