import type { dateFormats } from './dataset';

type DateFormat = (typeof dateFormats)[number];

/** Places of year, month and day among the numbers of a format. */
const orders: Readonly<Record<DateFormat, readonly [pattern: RegExp, year: number, month: number, day: number]>> = {
  'YYYY-MM-DD': [/^(\d{4})-(\d{2})-(\d{2})$/, 1, 2, 3],
  'DD.MM.YYYY': [/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, 3, 2, 1],
  'MM/DD/YYYY': [/^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, 3, 1, 2],
  'DD/MM/YYYY': [/^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, 3, 2, 1],
};

/** Reads a date and returns it as `YYYY-MM-DD`; undefined if there is no such day. */
export function readDate(text: string, format: DateFormat): string | undefined {
  const [pattern, year, month, day] = orders[format];
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const two = (index: number): string => (match[index] ?? '').padStart(2, '0');
  const date = `${match[year] ?? ''}-${two(month)}-${two(day)}`;
  return isDay(date) ? date : undefined;
}

/** The 30th of February is no day, and `Date` would make it one of March. */
function isDay(date: string): boolean {
  const time = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(date);
}

/**
 * Reads a time with an offset, as in ISO 8601, and returns it in UTC to the millisecond; undefined if it is none.
 *
 * A time without an offset would depend on where it is read, and more digits than are kept would be lost.
 */
export function readInstant(text: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3}0*)?)?)(Z|[+-]\d{2}:?\d{2})$/i.exec(text);
  if (match === null) return undefined;
  const [, date = '', time = '', offset = ''] = match;
  if (!isDay(date) || time.startsWith('24')) return undefined;
  const withColon = offset.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const instant = new Date(`${date}T${time}${withColon}`);
  return Number.isNaN(instant.getTime()) || instant.getUTCFullYear() < 0 || instant.getUTCFullYear() > 9_999
    ? undefined
    : instant.toISOString();
}
