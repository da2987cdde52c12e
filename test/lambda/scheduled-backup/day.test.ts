import fc from 'fast-check';
import { addDays, dayOf, isDay } from '../../../lambda/scheduled-backup/day';

it.each([
  ['2026-11-21T00:00:00Z', 'UTC', '2026-11-21'],
  ['2026-11-20T23:00:00Z', 'Europe/Berlin', '2026-11-21'],
  ['2026-11-21T05:00:00Z', 'America/New_York', '2026-11-21'],
  ['2026-11-21T04:59:59Z', 'America/New_York', '2026-11-20'],
  // Clocks go forward at 2:00: midnight in Berlin is 22:00 UTC in summer and 23:00 in winter.
  ['2026-03-28T23:00:00Z', 'Europe/Berlin', '2026-03-29'],
  ['2026-03-29T22:00:00Z', 'Europe/Berlin', '2026-03-30'],
  ['2026-11-20T10:00:00Z', 'Pacific/Kiritimati', '2026-11-21'],
])('a backup due at %s in %s is that of %s', (instant, timeZone, day) => {
  expect(dayOf(new Date(instant), timeZone)).toBe(day);
});

it('the day of an instant in UTC is the date of its ISO form', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
      expect(dayOf(date, 'UTC')).toBe(date.toISOString().slice(0, 10));
    }),
  );
});

it.each([
  ['2026-02-28', 1, '2026-03-01'],
  ['2024-02-28', 1, '2024-02-29'],
  ['2026-01-01', -35, '2025-11-27'],
])('%s plus %i days is %s', (day, days, sum) => {
  expect(addDays(day, days)).toBe(sum);
});

it.each(['2026-02-29', '2026-13-01', '2026-1-1', '_manifests', '2026-11-21/', ''])('%j is not a day', (text) => {
  expect(isDay(text)).toBe(false);
});

it('2024-02-29 is a day', () => {
  expect(isDay('2024-02-29')).toBe(true);
});
