import { httpsPayments } from '../../../lambda/order-workflow/https-payments';

const payment = { orderId: 'o-1', cents: 2500, currency: 'EUR', paymentMethod: 'pm-visa' };

function answering(respond: () => Promise<Response> | Response) {
  const calls: { url: string; init: RequestInit }[] = [];
  const fetch = ((url: string, init: RequestInit) => {
    calls.push({ url, init });
    return Promise.resolve().then(respond);
  }) as unknown as typeof globalThis.fetch;
  const apiKey = () => Promise.resolve('key-1');
  const payments = httpsPayments({ url: 'https://payments.example.com/v1', apiKey, fetch, timeoutMilliseconds: 1_000 });
  return { calls, payments };
}

const json = (status: number, body: object) => new Response(JSON.stringify(body), { status });

it("a charge names the order's id as its idempotency key, and the amount as text", async () => {
  const { calls, payments } = answering(() => json(201, {}));
  expect(await payments.charge(payment)).toEqual({ outcome: 'charged' });
  expect(calls[0]?.url).toBe('https://payments.example.com/v1/charges');
  expect(calls[0]?.init.headers).toMatchObject({ 'idempotency-key': 'charge-o-1', authorization: 'Bearer key-1' });
  expect(JSON.parse(calls[0]?.init.body as string)).toEqual({
    orderId: 'o-1',
    amount: '25.00',
    currency: 'EUR',
    paymentMethod: 'pm-visa',
  });
});

it.each([
  [{ reason: 'insufficient-funds' }, 'insufficient-funds'],
  [{ reason: 'Card 4111 of c7@example.com' }, 'declined'],
  [{}, 'declined'],
])('402 with %j is a decline because of %s', async (body, reason) => {
  expect(await answering(() => json(402, body)).payments.charge(payment)).toEqual({ outcome: 'declined', reason });
});

it.each([408, 409, 425, 429, 500, 503])('status %i may pass', async (status) => {
  await expect(answering(() => json(status, {})).payments.charge(payment)).rejects.toMatchObject({
    name: 'PaymentUnavailable',
  });
});

it.each([400, 401, 403, 404, 422])('status %i will not', async (status) => {
  await expect(answering(() => json(status, {})).payments.charge(payment)).rejects.toMatchObject({
    name: 'PaymentRequestRefused',
    message: `POST /charges: status ${status}`,
  });
});

it('a line that breaks may pass, and nothing of it is repeated', async () => {
  const { payments } = answering(() => Promise.reject(new TypeError('canary')));
  await expect(payments.charge(payment)).rejects.toMatchObject({
    name: 'PaymentUnavailable',
    message: 'POST /charges: TypeError',
  });
});

it('a refund has a key of its own and one of two outcomes', async () => {
  const { calls, payments } = answering(() => json(200, { outcome: 'voided' }));
  expect(await payments.refund('o-1')).toEqual({ outcome: 'voided' });
  expect(calls[0]?.init.headers).toMatchObject({ 'idempotency-key': 'refund-o-1' });
  await expect(answering(() => json(200, {})).payments.refund('o-1')).rejects.toMatchObject({
    name: 'PaymentUnavailable',
  });
  await expect(answering(() => json(402, {})).payments.refund('o-1')).rejects.toMatchObject({
    name: 'PaymentRequestRefused',
  });
});
