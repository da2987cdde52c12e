import fc from 'fast-check';
import { readDate, readInstant } from '../../../lambda/etl-pipeline/dates';

it.each([
  ['2026-02-28', 'YYYY-MM-DD', '2026-02-28'],
  ['1.2.2026', 'DD.MM.YYYY', '2026-02-01'],
  ['12/31/2026', 'MM/DD/YYYY', '2026-12-31'],
  ['31/12/2026', 'DD/MM/YYYY', '2026-12-31'],
  ['2024-02-29', 'YYYY-MM-DD', '2024-02-29'],
] as const)('%s as %s is %s', (text, format, date) => {
  expect(readDate(text, format)).toBe(date);
});

it.each(['2026-02-29', '2026-13-01', '2026-00-10', '26-01-01', '2026-1-1', '2026-01-01T00:00', '0000-00-00'])(
  '%s is no date',
  (text) => {
    expect(readDate(text, 'YYYY-MM-DD')).toBeUndefined();
  },
);

it('every day from year 1 on is read', () => {
  const day = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(day, (date) => {
      const text = date.toISOString().slice(0, 10);
      expect(readDate(text, 'YYYY-MM-DD')).toBe(text);
    }),
  );
});

it.each([
  ['2026-11-26T10:00:00Z', '2026-11-26T10:00:00.000Z'],
  ['2026-11-26 10:00+01:00', '2026-11-26T09:00:00.000Z'],
  ['2026-11-26T10:00:00.5-0800', '2026-11-26T18:00:00.500Z'],
  ['2026-11-26T10:00:00.123000Z', '2026-11-26T10:00:00.123Z'],
])('%s is %s', (text, instant) => {
  expect(readInstant(text)).toBe(instant);
});

it.each([
  '2026-11-26T10:00:00',
  '2026-11-26',
  '2026-02-30T10:00:00Z',
  '2026-11-26T25:00:00Z',
  '2026-11-26T24:00:00Z',
  '2026-11-26T10:00:60Z',
  '2026-11-26T10:00:00.1234Z',
  '2026-11-26T10:00:00+99:00',
  '0000-01-01T00:00:00+01:00',
])('%s is no instant', (text) => {
  expect(readInstant(text)).toBeUndefined();
});
