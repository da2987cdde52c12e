import * as z from 'zod/mini';
import { unusableRequest } from './failures';
import { centsOf, hasCents } from './money';
import type { PaymentRecord } from './record';

/** What one transaction carries well: five parameters a record, of 65,535 that a statement may have. */
export const mostRecords = 1_000;

/**
 * Text that both engines store and compare as it is: PostgreSQL refuses the character NUL, and MySQL compares without
 * blanks at the end.
 */
const plainText = z.string().check(
  z.minLength(1),
  z.maxLength(128),
  z.refine((text: string) => text === text.trim(), 'has blanks at its start or end'),
  z.refine((text: string) => !/\p{Cc}/u.test(text) && text.isWellFormed(), 'has control characters'),
);

const instant = z.iso.datetime({ offset: true });

const recordSchema = z.strictObject({
  id: plainText,
  customerId: plainText,
  amount: z.string().check(z.refine((text: string) => centsOf(text) !== undefined, 'is no decimal above 0 with cents')),
  currency: z.string().check(z.refine(hasCents, 'is no currency of ISO 4217 that has cents')),
  occurredAt: instant,
});

/** What `DataProcessor` is asked; whoever asks uses this schema. */
export const requestSchema = z.discriminatedUnion('operation', [
  z.strictObject({
    operation: z.literal('ingest'),
    records: z.array(recordSchema).check(z.minLength(1), z.maxLength(mostRecords)),
  }),
  z.strictObject({
    operation: z.literal('totals'),
    customerId: plainText,
    /** Counted from this moment on, up to and without the other. */
    from: instant,
    to: instant,
  }),
]);
export type IngestRequest = Extract<z.infer<typeof requestSchema>, { operation: 'ingest' }>;
export type TotalsRequest = Extract<z.infer<typeof requestSchema>, { operation: 'totals' }>;

export interface IngestAnswer {
  readonly inserted: number;
  /** Records that were there with the same content. */
  readonly duplicates: number;
  /** Ids that were there with other content, which stands. */
  readonly conflicts: readonly string[];
}

export interface TotalsAnswer {
  /** By currency, exact to the cent: `{ "EUR": "12.50" }`. */
  readonly totals: Readonly<Record<string, string>>;
}

export type Request =
  | { readonly operation: 'ingest'; readonly records: readonly PaymentRecord[] }
  | { readonly operation: 'totals'; readonly customerId: string; readonly from: Date; readonly to: Date };

/** @throws TellableError `UnusableRequest` that names each field that is wrong, and no value */
export function readRequest(event: unknown): Request {
  const parsed = requestSchema.safeParse(event);
  if (!parsed.success) {
    throw unusableRequest(
      parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`),
    );
  }
  const request = parsed.data;
  if (request.operation === 'ingest') return { operation: 'ingest', records: request.records.map(recordOf) };
  const [from, to] = [new Date(request.from), new Date(request.to)];
  if (from >= to) throw unusableRequest(['from: is not before to']);
  return { operation: 'totals', customerId: request.customerId, from, to };
}

function recordOf({ id, customerId, amount, currency, occurredAt }: z.infer<typeof recordSchema>): PaymentRecord {
  // The schema has let no other amount through.
  return { id, customerId, cents: centsOf(amount) ?? 0n, currency, occurredAt: new Date(occurredAt) };
}
