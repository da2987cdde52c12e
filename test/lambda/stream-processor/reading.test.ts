import {
  contentOf,
  identityOf,
  InvalidReadingError,
  maximumReadings,
  parseJson,
  parseReading,
  parseReadings,
} from '../../../lambda/stream-processor/reading';

const reading = { deviceId: 'd-1', readingId: 'r-1', takenAt: '2026-11-27T09:30:00.000Z', value: '12.5' };

it('a reading has one form, whatever its spelling', () => {
  expect(parseReading({ ...reading, takenAt: '2026-11-27T09:30:00Z', value: '12.500', more: true })).toEqual(reading);
});

it.each([
  [{ ...reading, value: 12.5 }, 'value: use a string'],
  [{ ...reading, value: '1e3' }, 'value: use a text with a decimal'],
  [{ ...reading, takenAt: '2026-11-27T09:30:00.0001Z' }, 'takenAt: use UTC to the millisecond'],
  [{ ...reading, takenAt: '2026-13-27T09:30:00Z' }, 'takenAt: use a date that exists'],
  [{ ...reading, takenAt: '2026-02-30T09:30:00Z' }, 'takenAt: use a date that exists'],
  [{ ...reading, deviceId: 'a/b' }, 'deviceId: use 1 to 128'],
  [{ ...reading, readingId: undefined }, 'readingId: use a string'],
  ['text', 'reading: use an object'],
])('%j is refused: %s', (input, message) => {
  expect(() => parseReading(input)).toThrow(message);
  expect(() => parseReading(input)).toThrow(InvalidReadingError);
});

it('text that is not JSON is refused without repeating it', () => {
  expect(() => parseJson('secret')).toThrow(/^reading: use JSON$/);
});

it('one reading or a list of them is recorded, up to what Kinesis takes in one call', () => {
  expect(parseReadings(reading)).toEqual([reading]);
  expect(parseReadings({ readings: [reading, reading] })).toHaveLength(2);
  expect(() => parseReadings({ readings: [] })).toThrow('readings: use at least 1 item');
  const many = Array.from({ length: maximumReadings + 1 }, () => reading);
  expect(() => parseReadings({ readings: many })).toThrow('use at most 500 items');
});

it('identity and content of different readings differ', () => {
  expect(identityOf(parseReading({ ...reading, deviceId: 'a', readingId: 'b-c' }))).toBe('a/b-c');
  expect(contentOf(parseReading({ ...reading, value: '12.50' }))).toBe(contentOf(parseReading(reading)));
  expect(contentOf(parseReading({ ...reading, value: '12.6' }))).not.toBe(contentOf(parseReading(reading)));
});
