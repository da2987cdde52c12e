import * as z from 'zod/mini';
import { OrderFailed, type FailureReason } from './order-failure';
import { claimCheckSchema, orderSchema, type ClaimCheck, type Order } from './order';

/** The bucket of the stack that orders too big for a message are put into. */
export interface Payloads {
  readonly bucket: string;
  /**
   * The text of an object.
   *
   * @throws OrderFailed `payload-missing` where there is none, `payload-too-large` above the limit
   */
  read(key: string): Promise<string>;
}

/**
 * Reads the order that a message holds, or that its claim check points to.
 *
 * @throws OrderFailed with the reason; its detail names the fields that are wrong, never what they hold
 */
export async function readOrder(body: string, payloads: Payloads): Promise<Order> {
  const message = parseJson(body, 'malformed');
  if (!isObject(message) || !('payload' in message)) return parse(orderSchema, message, 'malformed');

  const { payload }: ClaimCheck = parse(claimCheckSchema, message, 'malformed');
  if (payload.bucket !== payloads.bucket) {
    // Anyone who may send an order could else have us read whatever our role may read.
    throw new OrderFailed('foreign-payload', `a payload has to lie in ${payloads.bucket}`);
  }
  return parse(orderSchema, parseJson(await payloads.read(payload.key), 'payload-malformed'), 'payload-malformed');
}

/** The parser's own message quotes the text. */
function parseJson(text: string, reason: FailureReason): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new OrderFailed(reason, 'not JSON');
  }
}

function parse<Schema extends z.ZodMiniType>(schema: Schema, value: unknown, reason: FailureReason): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole');
  throw new OrderFailed(reason, `wrong at ${[...new Set(paths)].slice(0, 5).join(', ')}`);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
