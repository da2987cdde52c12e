import fc from 'fast-check';
import { formatDecimal, readDecimal } from '../../../lambda/stream-processor/decimal';
import { addReadings, windowStart } from '../../../lambda/stream-processor/window';

const readingOf = (value: bigint, index: number) => ({
  deviceId: 'd',
  readingId: String(index),
  takenAt: '2026-11-27T09:30:00.000Z',
  value: formatDecimal(value),
});

it('windows are the same however readings are divided and ordered', () => {
  const values = fc.array(fc.bigInt({ min: -(10n ** 26n), max: 10n ** 26n }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(values, fc.nat(), (all, cut) => {
      const readings = all.map(readingOf);
      const at = cut % readings.length;
      const [first, second] = [readings.slice(at), readings.slice(0, at)];
      const parts =
        second.length === 0 ? addReadings(undefined, first) : addReadings(addReadings(undefined, first), second);
      const { version: _, ...state } = parts;
      expect(state).toEqual({
        count: all.length,
        sum: formatDecimal(all.reduce((sum, one) => sum + one, 0n)),
        min: formatDecimal(all.reduce((one, other) => (other < one ? other : one))),
        max: formatDecimal(all.reduce((one, other) => (other > one ? other : one))),
      });
    }),
  );
});

it('each write raises the version', () => {
  const once = addReadings(undefined, [readingOf(1n, 1)]);
  expect(addReadings(once, [readingOf(2n, 2)]).version).toBe(2);
  expect(readDecimal(once.sum)).toBe(1n);
});

it.each([
  ['2026-11-27T09:30:00.000Z', '2026-11-27T09:30:00.000Z'],
  ['2026-11-27T09:30:59.999Z', '2026-11-27T09:30:00.000Z'],
  ['2026-11-27T09:31:00.000Z', '2026-11-27T09:31:00.000Z'],
  ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:00.000Z'],
])('%s is in the window of a minute from %s', (time, start) => {
  expect(windowStart(time, 60)).toBe(start);
});
