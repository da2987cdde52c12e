import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { describeIssues } from '../shared/input-issues';
import { isMailable, toAsciiAddress } from './email-address';
import { normalizeDecimal } from './money';

/** Characters that Step Functions accepts in an execution name, which the order id becomes; names of restarts are reserved. */
export const orderIdSchema = z
  .string()
  .check(z.regex(/^(?!r\d+-[0-9a-f]{64}$)[A-Za-z0-9_-]{1,80}$/, 'use 1 to 80 of A-Z, a-z, 0-9, _ and -'));

/**
 * Name of the execution of an order: its id, and for a restart a name that no order has, since a name can be used once in 90
 * days and an id may have all of its 80 characters.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export function executionName(orderId: string, generation: number): string {
  return generation === 1 ? orderId : `r${generation}-${createHash('sha256').update(orderId).digest('hex')}`;
}

const itemSchema = z.strictObject({
  sku: z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/, 'use 1 to 128 printable characters')),
  // Implausible quantities and prices are accepted here: validation rejects such an order with a reason.
  quantity: z.int(),
  unitPrice: z.string().check(z.regex(/^-?\d{1,9}(\.\d{1,4})?$/, 'use a decimal number as text, such as "12.50"')),
});

/** An order as its sender submits it. */
export const orderSchema = z.strictObject({
  orderId: orderIdSchema,
  customerId: z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/, 'use 1 to 128 printable characters')),
  customerEmail: z
    .string()
    .check(z.refine(isMailable, 'use an email address that SES can send to, such as c7@example.com')),
  // A reference issued by a payment service. Anything that contains a card number is refused.
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

/** Input that is not an order; the message names every wrong field and repeats no value. */
export class InvalidOrderError extends Error {
  override readonly name = 'InvalidOrderError';
}

/** @throws InvalidOrderError that names every wrong field */
export function parseOrder(input: unknown): Order {
  const parsed = orderSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidOrderError(`invalid order: ${describeIssues(parsed.error, 'order').join('; ')}`);
}

/**
 * SHA-256 (hex) of an order's values in a fixed order: equal for two deliveries of one order, whatever their spelling of amounts and
 * of the email domain.
 */
export function fingerprint(order: Order): string {
  const { orderId, customerId, customerEmail, paymentMethod, items, currency } = order;
  const lines = items.map(({ sku, quantity, unitPrice }) => [sku, quantity, normalizeDecimal(unitPrice)]);
  const email = toAsciiAddress(customerEmail);
  const content = [orderId, customerId, email, paymentMethod, lines, currency];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
