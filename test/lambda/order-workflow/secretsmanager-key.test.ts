import { secretKey } from '../../../lambda/order-workflow/secretsmanager-key';

function secret(...values: (string | undefined)[]) {
  let asked = 0;
  let now = 0;
  const client = { send: () => Promise.resolve({ SecretString: values[asked++] }) } as never;
  const key = secretKey('arn:secret', () => now, client);
  return { key, later: (milliseconds: number) => (now += milliseconds), asked: () => asked };
}

it('a key is read once in five minutes, then again, so that a rotated one is taken up', async () => {
  const { key, later, asked } = secret('old', 'new');
  expect([await key(), await key()]).toEqual(['old', 'old']);
  later(299_999);
  expect(await key()).toBe('old');
  expect(asked()).toBe(1);
  later(1);
  expect(await key()).toBe('new');
});

it.each([undefined, ''])('a secret with the text %j says what to put there, and is asked again', async (text) => {
  const { key } = secret(text, 'put');
  await expect(key()).rejects.toThrow("secret arn:secret has no text: put the payment service's key there");
  expect(await key()).toBe('put');
});
