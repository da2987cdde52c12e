import * as z from 'zod/mini';
import { OrderFailedError, type FailureReason } from './order-failure';
import { invalidPaths } from '../shared/input-issues';
import { claimCheckSchema, orderSchema, type ClaimCheck, type Order } from './order';

/** The stack's bucket for orders that are too big for a message. */
export interface PayloadStore {
  readonly bucketName: string;
  /**
   * Returns the text of an object.
   *
   * @throws OrderFailedError `payload-missing` if there is none, `payload-too-large` above the limit
   */
  read(key: string): Promise<string>;
}

/**
 * Reads the order that a message contains, or that its claim check refers to.
 *
 * @throws OrderFailedError whose detail names the wrong fields, never their values
 */
export async function readOrder(body: string, payloads: PayloadStore): Promise<Order> {
  const message = parseJson(body, 'malformed');
  if (!isClaimCheck(message)) return parse(orderSchema, message, 'malformed');

  const { payload }: ClaimCheck = parse(claimCheckSchema, message, 'malformed');
  if (payload.bucket !== payloads.bucketName) {
    // Otherwise anyone who may send an order could have the function read whatever its role may read.
    throw new OrderFailedError('foreign-payload', `a payload has to be in ${payloads.bucketName}`);
  }
  return parse(orderSchema, parseJson(await payloads.read(payload.key), 'payload-malformed'), 'payload-malformed');
}

/** Parses JSON, after a byte order mark if there is one. The parser's own message is dropped, since it quotes the text. */
function parseJson(text: string, reason: FailureReason): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new OrderFailedError(reason, 'not JSON');
  }
}

function parse<Schema extends z.ZodMiniType>(schema: Schema, value: unknown, reason: FailureReason): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new OrderFailedError(reason, `wrong at ${invalidPaths(parsed.error, 'the whole').slice(0, 5).join(', ')}`);
}

/** An order may have a field `payload` that this version does not know; a claim check has no order id. */
function isClaimCheck(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'payload' in message && !('orderId' in message);
}
