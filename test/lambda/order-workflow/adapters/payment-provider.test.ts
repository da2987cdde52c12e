import {
  createPaymentProvider,
  createSecretReader,
  paymentSettings,
} from '../../../../lambda/order-workflow/adapters/payment-provider';
import { readEnvironment } from '../../../../lambda/shared/environment';
import { MemoryTables } from '../../../fakes/memory-tables';

const payment = { orderId: 'o-1', amount: '1.00', currency: 'EUR', paymentMethod: 'pm-visa' };
const service = { PAYMENTS_URL: 'https://payments.example.com/v1', PAYMENTS_KEY_ARN: 'arn:secret' };
afterEach(() => jest.restoreAllMocks());

it('charges in the ledger if a table is configured', async () => {
  const tables = new MemoryTables();
  const settings = readEnvironment(paymentSettings, { PAYMENTS_TABLE_NAME: 'Payments' });
  expect(await createPaymentProvider(settings, tables as never).charge(payment)).toEqual({ outcome: 'charged' });
  expect(tables.item('Payments', 'o-1')).toMatchObject({ charges: { N: '1' } });
});

it('ends the process after the charge for pm-crash-once', async () => {
  const exit = jest.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('ended');
  });
  const tables = new MemoryTables();
  const provider = createPaymentProvider({ PAYMENTS_TABLE_NAME: 'Payments' }, tables as never);
  await expect(provider.charge({ ...payment, paymentMethod: 'pm-crash-once' })).rejects.toThrow('ended');
  expect(exit).toHaveBeenCalledWith(1);
  expect(tables.item('Payments', 'o-1')).toMatchObject({ charges: { N: '1' } });
});

it('calls the payment service, and no table, if a URL is configured', async () => {
  const send = jest.fn();
  const { SecretsManagerClient } = jest.requireActual<typeof import('@aws-sdk/client-secrets-manager')>(
    '@aws-sdk/client-secrets-manager',
  );
  const secret = (() => Promise.resolve({ SecretString: 'key-1' })) as never;
  jest.spyOn(SecretsManagerClient.prototype, 'send').mockImplementation(secret);
  const fetched = jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('{}', { status: 201 }));
  const provider = createPaymentProvider(readEnvironment(paymentSettings, service), { send });
  expect(await provider.charge(payment)).toEqual({ outcome: 'charged' });
  expect(fetched.mock.calls[0]?.[0]).toBe('https://payments.example.com/v1/charges');
  expect(fetched.mock.calls[0]?.[1]?.headers).toMatchObject({ authorization: 'Bearer key-1' });
  expect(send).not.toHaveBeenCalled();
});

it('refuses a URL without the ARN of its secret', () => {
  expect(() => readEnvironment(paymentSettings, { PAYMENTS_URL: service.PAYMENTS_URL })).toThrow('wrong environment');
});

function secretWith(...values: (string | undefined)[]) {
  let reads = 0;
  let time = 0;
  const client = { send: () => Promise.resolve({ SecretString: values[reads++] }) } as never;
  const getKey = createSecretReader({ client, now: () => time }, 'arn:secret');
  return { getKey, wait: (milliseconds: number) => (time += milliseconds), reads: () => reads };
}

it('reads a secret again after five minutes, so that a rotated key takes effect', async () => {
  const { getKey, wait, reads } = secretWith('old', 'new');
  expect([await getKey(), await getKey()]).toEqual(['old', 'old']);
  wait(299_999);
  expect(await getKey()).toBe('old');
  expect(reads()).toBe(1);
  wait(1);
  expect(await getKey()).toBe('new');
});

it.each([undefined, ''])('names the fix for a secret with the text %j, and reads it again', async (text) => {
  const { getKey } = secretWith(text, 'stored');
  await expect(getKey()).rejects.toThrow("secret arn:secret has no text: store the payment service's key in it");
  expect(await getKey()).toBe('stored');
});
