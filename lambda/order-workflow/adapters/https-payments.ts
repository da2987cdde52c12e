import * as z from 'zod/mini';
import { connectionFailure } from '../../shared/error-names';
import { PaymentRequestRefusedError, PaymentUnavailableError, type PaymentProvider } from '../payments';

export interface HttpsPaymentsOptions {
  /** Base URL without a trailing slash: `https://payments.example.com/v1`. */
  readonly url: string;
  readonly getApiKey: () => Promise<string>;
  readonly fetch: typeof fetch;
  readonly timeoutMilliseconds: number;
}

const declineSchema = z.object({ reason: z.string().check(z.regex(/^[a-z0-9_-]{1,64}$/)) });
const refundSchema = z.object({ outcome: z.enum(['refunded', 'voided']) });

/**
 * Statuses after which the same request may succeed: too early, too many requests, a key that an operator replaces meanwhile, and
 * all errors of the service itself.
 */
const isTransient = (status: number): boolean => [401, 403, 408, 409, 425, 429].includes(status) || status >= 500;

/**
 * Payment service over HTTPS: `POST /charges` and `POST /refunds` with the order's id as `Idempotency-Key`.
 *
 * 2xx is success, 402 is a decline with a `reason`. No part of a response goes into an error message, because the service
 * may repeat payment data that it received.
 */
export function createHttpsPayments(options: HttpsPaymentsOptions): PaymentProvider {
  return {
    async charge({ orderId, amount, currency, paymentMethod }) {
      const body = { orderId, amount, currency, paymentMethod };
      const response = await post(options, '/charges', `charge-${orderId}`, body);
      if (response.status !== 402) return { outcome: 'charged' };
      const decline = declineSchema.safeParse(await response.json().catch(() => undefined));
      return { outcome: 'declined', reason: decline.success ? decline.data.reason : 'declined' };
    },
    async refund(orderId) {
      const response = await post(options, '/refunds', `refund-${orderId}`, { orderId });
      const result = refundSchema.safeParse(await response.json().catch(() => undefined));
      if (result.success) return result.data;
      throw new PaymentUnavailableError('POST /refunds: expected outcome refunded or voided in the response');
    },
  };
}

async function post(options: HttpsPaymentsOptions, path: string, key: string, body: object): Promise<Response> {
  const { url, getApiKey, timeoutMilliseconds } = options;
  const response = await options
    .fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await getApiKey()}`,
        'idempotency-key': key,
      },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMilliseconds),
    })
    .catch((error: unknown) => {
      throw new PaymentUnavailableError(`POST ${path}: ${connectionFailure(error)}`);
    });
  if (response.ok || (response.status === 402 && path === '/charges')) return response;
  const message = `POST ${path}: status ${response.status}`;
  throw isTransient(response.status) ? new PaymentUnavailableError(message) : new PaymentRequestRefusedError(message);
}
