import * as z from 'zod/mini';
import { describeIssues } from '../shared/input-issues';
import { hasCents, parseCents } from './amounts';
import { unusableRequest } from './failures';
import type { PaymentRecord } from './records';

/** Largest batch of one transaction: five parameters a record, and a statement takes 65,535. */
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

const instant = z.iso.datetime({ offset: true });

const recordSchema = z.strictObject({
  id: plainText,
  customerId: plainText,
  amount: z
    .string()
    .check(z.refine((text: string) => parseCents(text) !== undefined, 'use a decimal above 0 with at most two places')),
  currency: z.string().check(z.refine(hasCents, 'use an ISO 4217 currency with two decimal places')),
  occurredAt: instant,
});

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
  return { id, customerId, cents: parseCents(amount) ?? 0n, currency, occurredAt: new Date(occurredAt) };
}
