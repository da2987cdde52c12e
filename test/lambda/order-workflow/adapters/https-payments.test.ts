import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpsPayments } from '../../../../lambda/order-workflow/adapters/https-payments';

const payment = { orderId: 'o-1', amount: '25.00', currency: 'EUR', paymentMethod: 'pm-visa' };

function serviceWith(respond: () => Promise<Response> | Response) {
  const calls: { url: string; init: RequestInit }[] = [];
  const fetch = ((url: string, init: RequestInit) => {
    calls.push({ url, init });
    return Promise.resolve().then(respond);
  }) as unknown as typeof globalThis.fetch;
  const getApiKey = () => Promise.resolve('key-1');
  const options = { url: 'https://payments.example.com/v1', getApiKey, fetch, timeoutMilliseconds: 1_000 };
  const payments = createHttpsPayments(options);
  return { calls, payments };
}

const servers: Server[] = [];

/** Starts a server that is closed after the test, with its connections; returns its URL. */
async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const json = (status: number, body: object) => new Response(JSON.stringify(body), { status });

it('sends the order id as idempotency key and the amount as text', async () => {
  const { calls, payments } = serviceWith(() => json(201, {}));
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
])('returns 402 with %j as a decline with the reason %s', async (body, reason) => {
  expect(await serviceWith(() => json(402, body)).payments.charge(payment)).toEqual({ outcome: 'declined', reason });
});

it.each([401, 403, 408, 409, 425, 429, 500, 503])('throws the error that is retried for status %i', async (status) => {
  await expect(serviceWith(() => json(status, {})).payments.charge(payment)).rejects.toMatchObject({
    name: 'PaymentUnavailableError',
  });
});

it.each([400, 404, 422])('throws the error that is not retried for status %i', async (status) => {
  await expect(serviceWith(() => json(status, {})).payments.charge(payment)).rejects.toMatchObject({
    name: 'PaymentRequestRefusedError',
    message: `POST /charges: status ${status}`,
  });
});

it('throws the error that is retried for a broken connection and repeats no text of it', async () => {
  const { payments } = serviceWith(() => Promise.reject(new TypeError('canary')));
  await expect(payments.charge(payment)).rejects.toMatchObject({
    name: 'PaymentUnavailableError',
    message: 'POST /charges: TypeError',
  });
});

it('names the cause of a connection that failed', async () => {
  const cause = Object.assign(new Error('canary'), { code: 'ENOTFOUND' });
  const { payments } = serviceWith(() => Promise.reject(new TypeError('fetch failed', { cause })));
  await expect(payments.charge(payment)).rejects.toThrow(/^POST \/charges: ENOTFOUND$/);
});

it('follows no redirect, so that key and payment stay with the configured service', async () => {
  const received: string[] = [];
  const elsewhere = await listen((request, response) => {
    received.push(request.url ?? '');
    response.writeHead(200).end('{}');
  });
  const url = await listen((_, response) => {
    response.writeHead(307, { location: `${elsewhere}/stolen` }).end();
  });
  const options = { url, getApiKey: () => Promise.resolve('key-1'), fetch, timeoutMilliseconds: 5_000 };
  await expect(createHttpsPayments(options).charge(payment)).rejects.toMatchObject({ name: 'PaymentUnavailableError' });
  expect(received).toEqual([]);
});

it('sends a refund under its own idempotency key and expects one of two outcomes', async () => {
  const { calls, payments } = serviceWith(() => json(200, { outcome: 'voided' }));
  expect(await payments.refund('o-1')).toEqual({ outcome: 'voided' });
  expect(calls[0]?.init.headers).toMatchObject({ 'idempotency-key': 'refund-o-1' });
  await expect(serviceWith(() => json(200, {})).payments.refund('o-1')).rejects.toMatchObject({
    name: 'PaymentUnavailableError',
  });
  await expect(serviceWith(() => json(402, {})).payments.refund('o-1')).rejects.toMatchObject({
    name: 'PaymentRequestRefusedError',
  });
});
