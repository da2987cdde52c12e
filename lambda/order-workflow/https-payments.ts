import * as z from 'zod/mini';
import { decimalOf } from './money';
import { PaymentRequestRefused, PaymentUnavailable, type PaymentProvider } from './payments';

export interface HttpsPaymentsOptions {
  /** Where the service is, without a slash at its end: `https://payments.example.com/v1`. */
  readonly url: string;
  readonly apiKey: () => Promise<string>;
  readonly fetch: typeof fetch;
  readonly timeoutMilliseconds: number;
}

const declineSchema = z.object({ reason: z.string().check(z.regex(/^[a-z0-9_-]{1,64}$/)) });
const refundSchema = z.object({ outcome: z.enum(['refunded', 'voided']) });

/** Statuses after which the same request may be taken: too early, too many, and all of the service's own failures. */
const transient = (status: number): boolean => [408, 409, 425, 429].includes(status) || status >= 500;

/**
 * A payment service over HTTPS: `POST /charges` and `POST /refunds` with the order's id as `Idempotency-Key`.
 *
 * 2xx is done, 402 is a decline with a `reason`. Nothing that the service says goes into an error, since it may repeat what
 * it was sent.
 */
export function httpsPayments(options: HttpsPaymentsOptions): PaymentProvider {
  return {
    async charge({ orderId, cents, currency, paymentMethod }) {
      const body = { orderId, amount: decimalOf(cents), currency, paymentMethod };
      const response = await post(options, '/charges', `charge-${orderId}`, body);
      if (response.status !== 402) return { outcome: 'charged' };
      const decline = declineSchema.safeParse(await response.json().catch(() => undefined));
      return { outcome: 'declined', reason: decline.success ? decline.data.reason : 'declined' };
    },
    async refund(orderId) {
      const response = await post(options, '/refunds', `refund-${orderId}`, { orderId });
      const answer = refundSchema.safeParse(await response.json().catch(() => undefined));
      if (!answer.success) throw new PaymentUnavailable('POST /refunds: an answer without outcome refunded or voided');
      return answer.data;
    },
  };
}

async function post(options: HttpsPaymentsOptions, path: string, key: string, body: object): Promise<Response> {
  const { url, apiKey, timeoutMilliseconds } = options;
  const response = await options
    .fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await apiKey()}`,
        'idempotency-key': key,
      },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMilliseconds),
    })
    .catch((error: unknown) => {
      throw new PaymentUnavailable(`POST ${path}: ${error instanceof Error ? error.name : 'no answer'}`);
    });
  if (response.ok || (response.status === 402 && path === '/charges')) return response;
  const message = `POST ${path}: status ${response.status}`;
  throw transient(response.status) ? new PaymentUnavailable(message) : new PaymentRequestRefused(message);
}
