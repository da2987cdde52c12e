import * as z from 'zod/mini';
import { describeIssues } from '../shared/input-issues';
import { formatDecimal, parseDecimal } from './decimal';

/** Most readings that Kinesis takes in one call. */
export const maximumReadings = 500;

const id = z.string().check(z.regex(/^[\w.:-]{1,128}$/, 'use 1 to 128 of A-Z a-z 0-9 _ . : -'));

const readingSchema = z.object({
  deviceId: id,
  /** Unique for the device: a producer that sends a reading again sends the same id. */
  readingId: id,
  takenAt: z
    .string()
    .check(
      z.regex(
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/,
        'use UTC to the millisecond, as 2026-11-27T09:30:00.000Z',
      ),
      z.refine(existsAsDate, 'use a date that exists'),
    ),
  value: z
    .string()
    .check(
      z.refine(
        (text) => parseDecimal(text) !== undefined,
        'use a text with a decimal of at most 18 digits before and 9 after the point, as "12.5"',
      ),
    ),
});

const readingsSchema = z.object({
  readings: z.array(readingSchema).check(z.minLength(1), z.maxLength(maximumReadings)),
});

/** Whether a date is in the calendar: JavaScript takes February 30 for March 2. */
function existsAsDate(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text.slice(0, 10));
}

/** Measured value of a device. */
export interface Reading {
  readonly deviceId: string;
  readonly readingId: string;
  /** UTC with milliseconds. */
  readonly takenAt: string;
  /** Decimal in its shortest form. */
  readonly value: string;
}

/** Input that is no reading. The message names places, never values. */
export class InvalidReadingError extends Error {
  override readonly name = 'InvalidReadingError';
}

/** @throws InvalidReadingError */
export function parseReading(input: unknown): Reading {
  const parsed = readingSchema.safeParse(input);
  if (!parsed.success) throw new InvalidReadingError(describeIssues(parsed.error, 'reading').join('; '));
  return canonical(parsed.data);
}

/**
 * Reads one reading, or an object with a list of them.
 *
 * @throws InvalidReadingError
 */
export function parseReadings(input: unknown): Reading[] {
  if (typeof input !== 'object' || input === null || !('readings' in input)) return [parseReading(input)];
  const parsed = readingsSchema.safeParse(input);
  if (!parsed.success) throw new InvalidReadingError(describeIssues(parsed.error, 'readings').join('; '));
  return parsed.data.readings.map(canonical);
}

/** Reads JSON text. @throws InvalidReadingError */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new InvalidReadingError('reading: use JSON');
  }
}

/** Reading in one form, whatever the spelling: `12.50` is `12.5`. */
function canonical({ deviceId, readingId, takenAt, value }: z.output<typeof readingSchema>): Reading {
  const decimal = parseDecimal(value) ?? 0n;
  return { deviceId, readingId, takenAt: new Date(takenAt).toISOString(), value: formatDecimal(decimal) };
}

/** Identity of a reading: producer retries have new sequence numbers, and the same identity. */
export function identityOf({ deviceId, readingId }: Reading): string {
  return `${deviceId}/${readingId}`;
}

/** Content of a reading, which distinguishes a repeated one from another one with the same identity. */
export function contentOf({ takenAt, value }: Reading): string {
  return `${takenAt} ${value}`;
}
