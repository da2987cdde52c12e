import { createHash } from 'node:crypto';
import * as z from 'zod/mini';

/** A DynamoDB transaction holds 100 actions; one is the fulfilment, and each line takes another. */
const maximumItems = 50;

/** Allows neither `@` nor spaces: the id is the only field of an order that is logged. */
const orderId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/));

/** A lone surrogate has no UTF-8: services would refuse it, or store another character. */
const wellFormed = z.refine<string>((text) => text.isWellFormed());

const itemSchema = z.object({
  sku: z.string().check(z.minLength(1), z.maxLength(128), wellFormed),
  quantity: z.int().check(z.minimum(1), z.maximum(1_000)),
});

/**
 * An order as producers send it, in JSON. Fields that are not listed here are ignored, so that producers can add fields
 * before consumers know them.
 */
export const orderSchema = z.object({
  orderId,
  /** Also the message group of a FIFO queue, hence the characters and the length that SQS allows there. */
  customerId: z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/)),
  placedAt: z.pipe(z.pipe(z.string(), z.transform(toIsoTime)), z.iso.datetime({ offset: true })),
  items: z.array(itemSchema).check(z.minLength(1), z.maxLength(maximumItems)),
});
export type Order = z.infer<typeof orderSchema>;

/** Limit of S3, in bytes of UTF-8. */
const maximumKeyBytes = 1_024;

/** A claim check: a reference to an order that is too big for a message and is stored in the stack's payload bucket. */
export const claimCheckSchema = z.object({
  payload: z.object({
    bucket: z.string().check(z.minLength(1), z.maxLength(255)),
    key: z.string().check(
      z.minLength(1),
      z.refine((key) => Buffer.byteLength(key) <= maximumKeyBytes),
      wellFormed,
    ),
  }),
});
export type ClaimCheck = z.infer<typeof claimCheckSchema>;

/**
 * Converts the times that producers' libraries print to the one form that the schema checks: without seconds (Java, for whole
 * minutes), in lower case (RFC 3339 allows it), with an offset without colon (`+0000`).
 */
function toIsoTime(text: string): string {
  const [, minutes, seconds = ':00', hours, offset = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d(?:\.\d+)?)?(?:Z|([+-]\d\d):?(\d\d))$/.exec(text.toUpperCase()) ?? [];
  if (minutes === undefined) return text;
  return minutes + seconds + (hours === undefined ? 'Z' : `${hours}:${offset}`);
}

/** Units of one SKU in an order; a transaction can contain an item of a table only once. */
export interface Line {
  readonly sku: string;
  /** Units. */
  readonly quantity: number;
}

/** Returns the items of an order, one line per SKU with repeated ones summed, sorted by SKU. */
export function linesOf(order: Pick<Order, 'items'>): Line[] {
  const units = new Map<string, number>();
  for (const { sku, quantity } of order.items) units.set(sku, (units.get(sku) ?? 0) + quantity);
  return [...units].map(([sku, quantity]) => ({ sku, quantity })).sort((one, other) => (one.sku < other.sku ? -1 : 1));
}

/** Returns a time as milliseconds since 1970; as text where it has more decimals, which the number would cut. */
function instantOf(time: string): number | string {
  const milliseconds = Date.parse(time);
  const [, further = ''] = /\.\d{3}(\d*?)0*(?:Z|[+-])/.exec(time) ?? [];
  return further === '' ? milliseconds : `${milliseconds}.${further}`;
}

/** Returns the SHA-256 (hex) of an order's values: equal for two deliveries of one order, however it is written. */
export function fingerprint(order: Order): string {
  const { orderId, customerId, placedAt } = order;
  const content = [
    orderId,
    customerId,
    instantOf(placedAt),
    linesOf(order).map(({ sku, quantity }) => [sku, quantity]),
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
