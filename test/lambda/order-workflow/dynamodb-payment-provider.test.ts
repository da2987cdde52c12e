import { paymentProvider, paymentSettings } from '../../../lambda/order-workflow/dynamodb-payment-provider';
import { readEnvironment } from '../../../lambda/shared/environment';
import { MemoryTables } from './memory-tables';

const payment = { orderId: 'o-1', cents: 100, currency: 'EUR', paymentMethod: 'pm-visa' };
const service = { PAYMENTS_URL: 'https://payments.example.com/v1', PAYMENTS_KEY_ARN: 'arn:secret' };
afterEach(() => jest.restoreAllMocks());

it('with a table it is the ledger that is charged', async () => {
  const tables = new MemoryTables({ Payments: 'orderId' });
  const settings = readEnvironment(paymentSettings, { PAYMENTS_TABLE_NAME: 'Payments' });
  expect(await paymentProvider(settings, tables as never).charge(payment)).toEqual({ outcome: 'charged' });
  expect(tables.item('Payments', 'o-1')).toMatchObject({ charges: { N: '1' } });
});

it('the sandbox ends the process after the charge where it is told to', async () => {
  const exit = jest.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('ended');
  });
  const tables = new MemoryTables({ Payments: 'orderId' });
  const provider = paymentProvider({ PAYMENTS_TABLE_NAME: 'Payments' }, tables as never);
  await expect(provider.charge({ ...payment, paymentMethod: 'pm-crash-once' })).rejects.toThrow('ended');
  expect(exit).toHaveBeenCalledWith(1);
  expect(tables.item('Payments', 'o-1')).toMatchObject({ charges: { N: '1' } });
});

it('with an address the service behind it is asked, and no table', async () => {
  const send = jest.fn();
  const { SecretsManagerClient } = jest.requireActual<typeof import('@aws-sdk/client-secrets-manager')>(
    '@aws-sdk/client-secrets-manager',
  );
  const secret = (() => Promise.resolve({ SecretString: 'key-1' })) as never;
  jest.spyOn(SecretsManagerClient.prototype, 'send').mockImplementation(secret);
  const asked = jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('{}', { status: 201 }));
  const provider = paymentProvider(readEnvironment(paymentSettings, service), { send });
  expect(await provider.charge(payment)).toEqual({ outcome: 'charged' });
  expect(asked.mock.calls[0]?.[0]).toBe('https://payments.example.com/v1/charges');
  expect(asked.mock.calls[0]?.[1]?.headers).toMatchObject({ authorization: 'Bearer key-1' });
  expect(send).not.toHaveBeenCalled();
});

it('an address without the key of its secret is no setting', () => {
  expect(() => readEnvironment(paymentSettings, { PAYMENTS_URL: service.PAYMENTS_URL })).toThrow('wrong environment');
});
