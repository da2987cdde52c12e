import { createHash } from 'node:crypto';
import * as z from 'zod/mini';

/** The characters that Step Functions takes in an execution's name, which the id becomes. */
export const orderIdSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{1,80}$/, 'use 1 to 80 of A-Z, a-z, 0-9, _ and -'));

const itemSchema = z.strictObject({
  sku: z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/, 'use 1 to 128 printable characters')),
  // Whether a number or a price makes sense is for validation to say, which rejects the order as data.
  quantity: z.int(),
  unitPrice: z.string().check(z.regex(/^-?\d{1,9}(\.\d{1,4})?$/, 'use a decimal number as text, such as "12.50"')),
});

/** An order as its sender gives it. */
export const orderSchema = z.strictObject({
  orderId: orderIdSchema,
  customerId: z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/, 'use 1 to 128 printable characters')),
  customerEmail: z.email(),
  // A name that a payment service gave: whoever sends the number of a card instead is turned away.
  paymentMethod: z
    .string()
    .check(
      z.regex(
        /^pm[-_](?!.*(?:\d[-_]?){12})[A-Za-z0-9_-]{1,64}$/,
        'use the name of a payment method, such as pm-visa, never a card',
      ),
    ),
  items: z.array(itemSchema).check(z.minLength(1), z.maxLength(50)),
  currency: z.string().check(z.regex(/^[A-Z]{3}$/, 'use three letters of ISO 4217, such as EUR')),
});
export type Order = z.infer<typeof orderSchema>;
export type Item = Order['items'][number];

/** An order that cannot be read; its message names every wrong field and none of the values. */
export class InvalidOrder extends Error {
  override readonly name = 'InvalidOrder';
}

/** @throws InvalidOrder that names every wrong field */
export function parseOrder(input: unknown): Order {
  const parsed = orderSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${pathOf(issue.path)}: ${complaint(issue)}`);
  throw new InvalidOrder(`the order is not one: ${wrong.join('; ')}`);
}

function pathOf(path: readonly PropertyKey[]): string {
  return (
    path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
      .join('')
      .replace(/^\./, '') || 'order'
  );
}

/** Says what is asked for and never what was received, which may be personal. */
function complaint(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `leave out ${issue.keys.length} fields that are not known`;
  if (issue.code === 'invalid_type') return `use ${/^[aeio]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
  if (issue.code === 'too_small') return `use at least ${String(issue.minimum)}`;
  if (issue.code === 'too_big') return `use at most ${String(issue.maximum)}`;
  if (issue.code === 'invalid_format' && issue.format !== 'regex') return `use a valid ${issue.format}`;
  return issue.message;
}

/** Fingerprint (SHA-256, hex) of all that an order says: the same for two deliveries of one order, whatever their spelling. */
export function contentOf(order: Order): string {
  const { orderId, customerId, customerEmail, paymentMethod, items, currency } = order;
  const lines = items.map(({ sku, quantity, unitPrice }) => [sku, quantity, unitPrice]);
  const content = [orderId, customerId, customerEmail, paymentMethod, lines, currency];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
