import * as z from 'zod/mini';
import { describeIssues } from '../shared/input-issues';
import { minorUnitDigits } from '../shared/currencies';
import { parseAmount } from './amounts';
import { unusableRequest } from './failures';
import type { PaymentRecord } from './records';

/** Largest batch of one transaction. */
export const mostRecords = 1_000;

/**
 * Text that both engines store and compare unchanged: PostgreSQL refuses the NUL character, and MySQL ignores trailing
 * blanks in comparisons.
 */
const plainText = z.string().check(
  z.minLength(1),
  z.maxLength(128),
  z.refine((text: string) => text === text.trim(), 'remove leading and trailing blanks'),
  z.refine(
    (text: string) => !/\p{Cc}/u.test(text) && text.isWellFormed(),
    'remove control characters and lone surrogates',
  ),
);

/** Time that both engines store unchanged: milliseconds, and MySQL's DATETIME supports years from 1000 to 9999. */
const instant = z.iso.datetime({ offset: true }).check(
  z.refine((text: string) => !/\.\d{4}/.test(text), 'use at most three decimal places of a second'),
  z.refine((text: string) => isStorableYear(new Date(text).getUTCFullYear()), 'use a year from 1000 to 9998, in UTC'),
);

function isStorableYear(year: number): boolean {
  // 9999 is left out: databases and callers use it as "no end".
  return year >= 1_000 && year <= 9_998;
}

const recordSchema = z
  .strictObject({
    id: plainText,
    customerId: plainText,
    amount: z.string(),
    currency: z
      .string()
      .check(
        z.refine(
          (code: string) => minorUnitDigits(code) !== undefined,
          'use a currency of ISO 4217; metals, units of account and test codes are not accepted',
        ),
      ),
    occurredAt: instant,
  })
  .check(
    z.refine(
      ({ amount, currency }) => minorUnitDigits(currency) === undefined || parseAmount(amount, currency) !== undefined,
      {
        path: ['amount'],
        message: 'use a decimal above 0 with at most 12 digits and the decimal places of its currency',
      },
    ),
  );

/** Request of `DataProcessor`; callers validate with the same schema. */
export const requestSchema = z.discriminatedUnion('operation', [
  z.strictObject({
    operation: z.literal('ingest'),
    records: z.array(recordSchema).check(z.minLength(1), z.maxLength(mostRecords)),
  }),
  z.strictObject({
    operation: z.literal('totals'),
    customerId: plainText,
    /** Inclusive; `to` is exclusive. */
    from: instant,
    to: instant,
  }),
]);
export type IngestRequest = Extract<z.infer<typeof requestSchema>, { operation: 'ingest' }>;
export type TotalsRequest = Extract<z.infer<typeof requestSchema>, { operation: 'totals' }>;

export type Request =
  | { readonly operation: 'ingest'; readonly records: readonly PaymentRecord[] }
  | { readonly operation: 'totals'; readonly customerId: string; readonly from: Date; readonly to: Date };

/** @throws PublicError `UnusableRequest` that names each invalid field, and repeats no value */
export function readRequest(event: unknown): Request {
  const parsed = requestSchema.safeParse(event);
  if (!parsed.success) throw unusableRequest(describeIssues(parsed.error, 'request'));
  const request = parsed.data;
  if (request.operation === 'ingest') return { operation: 'ingest', records: request.records.map(toRecord) };
  const [from, to] = [new Date(request.from), new Date(request.to)];
  if (from >= to) throw unusableRequest(['from: use a time before to']);
  return { operation: 'totals', customerId: request.customerId, from, to };
}

function toRecord({ id, customerId, amount, currency, occurredAt }: z.infer<typeof recordSchema>): PaymentRecord {
  // The schema has refused amounts that do not parse.
  return {
    id,
    customerId,
    minorUnits: parseAmount(amount, currency) ?? 0n,
    currency,
    occurredAt: new Date(occurredAt),
  };
}
