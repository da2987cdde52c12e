import { sortBatch } from '../../../lambda/stream-processor/reading-batch';
import { aReading, recordsOf, rules } from './readings';

it('readings are grouped by device and window', () => {
  const { groups } = sortBatch(
    recordsOf(
      aReading(),
      aReading({ readingId: 'r-2', takenAt: '2026-11-27T09:29:59.999Z' }),
      aReading({ deviceId: 'd-2' }),
      aReading({ readingId: 'r-3' }),
    ),
    rules,
  );
  expect(
    groups.map(({ deviceId, windowStart, readings, firstIndex }) => [
      deviceId,
      windowStart.slice(14, 19),
      readings.length,
      firstIndex,
    ]),
  ).toEqual([
    ['d-1', '30:00', 2, 0],
    ['d-1', '29:00', 1, 1],
    ['d-2', '30:00', 1, 2],
  ]);
});

it('a reading that is repeated in a batch counts once', () => {
  const { groups, repeated } = sortBatch(recordsOf(aReading(), aReading({ value: '12.50' })), rules);
  expect(groups[0]?.readings).toHaveLength(1);
  expect(repeated).toBe(1);
});

it.each([
  ['text', 'text'],
  ['a reading with the id of another one', aReading({ value: '13' })],
  ['a reading in the future', aReading({ readingId: 'r-9', takenAt: '2026-11-27T09:31:30.001Z' })],
])('%s ends the batch, and what is before it is kept', (_, poison) => {
  const { groups, poison: found } = sortBatch(recordsOf(aReading(), poison, aReading({ readingId: 'r-3' })), rules);
  expect(found?.index).toBe(1);
  expect(groups.map(({ readings }) => readings.length)).toEqual([1]);
});

it('lateness is measured by the arrival, so that a replay decides as the first delivery did', () => {
  const inTime = aReading({ takenAt: '2026-11-27T09:20:00.000Z', readingId: 'in-time' });
  const tooLate = aReading({ takenAt: '2026-11-27T09:19:59.999Z', readingId: 'too-late' });
  const { groups, late } = sortBatch(recordsOf(inTime, tooLate), rules);
  expect(groups.flatMap(({ readings }) => readings.map(({ readingId }) => readingId))).toEqual(['in-time']);
  expect(late.map(({ readingId }) => readingId)).toEqual(['too-late']);
});
