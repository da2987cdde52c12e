import fc from 'fast-check';
import { OrderFailedError } from '../../../lambda/queue-processor/order-failure';
import { readOrder, type PayloadStore } from '../../../lambda/queue-processor/read-order';
import { anOrder } from './orders';

function payloadsWith(objects: Readonly<Record<string, string>> = {}): PayloadStore & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    bucketName: 'ours',
    reads,
    read: async (key) => {
      reads.push(key);
      const text = objects[key];
      if (text === undefined) throw new OrderFailedError('payload-missing', 'no object under the key');
      return text;
    },
  };
}

const claim = (bucket: string, key: string) => JSON.stringify({ payload: { bucket, key } });

it('reads an order from a message', async () => {
  expect(await readOrder(JSON.stringify(anOrder()), payloadsWith())).toEqual(anOrder());
});

it('leaves out unknown fields', async () => {
  expect(await readOrder(JSON.stringify({ ...anOrder(), giftWrap: true }), payloadsWith())).toEqual(anOrder());
});

it.each([null, {}, { bucket: 'ours', key: 'k' }, 'text', 1])(
  'an order with an unknown field payload (%j) is an order',
  async (payload) => {
    const payloads = payloadsWith();
    expect(await readOrder(JSON.stringify({ ...anOrder(), payload }), payloads)).toEqual(anOrder());
    expect(payloads.reads).toEqual([]);
  },
);

it('unknown fields of a claim check are ignored', async () => {
  const payloads = payloadsWith({ k: JSON.stringify(anOrder()) });
  const body = JSON.stringify({ payload: { bucket: 'ours', key: 'k', size: 7 }, source: 'shop' });
  expect(await readOrder(body, payloads)).toEqual(anOrder());
});

it('a byte order mark before a message or a payload is skipped', async () => {
  const text = `\uFEFF${JSON.stringify(anOrder())}`;
  const payloads = payloadsWith({ k: text });
  expect(await readOrder(text, payloads)).toEqual(anOrder());
  expect(await readOrder(claim('ours', 'k'), payloads)).toEqual(anOrder());
});

it.each([
  ['SKU', JSON.stringify({ ...anOrder(), items: [{ sku: 'a\ud800', quantity: 1 }] }), 'items[0].sku'],
  ['payload key', JSON.stringify({ payload: { bucket: 'ours', key: 'k\udc00' } }), 'payload.key'],
])('a lone surrogate in a %s is malformed and not retried', async (_, body, place) => {
  await expect(readOrder(body, payloadsWith())).rejects.toMatchObject({
    reason: 'malformed',
    retryable: false,
    detail: expect.stringContaining(place) as string,
  });
});

it('a payload key above the 1,024 bytes of S3 is malformed', async () => {
  const longest = 'é'.repeat(512);
  const payloads = payloadsWith({ [longest]: JSON.stringify(anOrder()) });
  expect(await readOrder(claim('ours', longest), payloads)).toEqual(anOrder());
  await expect(readOrder(claim('ours', `${longest}e`), payloads)).rejects.toMatchObject({ reason: 'malformed' });
});

it('reads the order that a claim check refers to', async () => {
  const payloads = payloadsWith({ 'big/o-1.json': JSON.stringify(anOrder()) });
  expect(await readOrder(claim('ours', 'big/o-1.json'), payloads)).toEqual(anOrder());
});

it("reads no other bucket than the stack's", async () => {
  const payloads = payloadsWith({ k: JSON.stringify(anOrder()) });
  await expect(readOrder(claim('theirs', 'k'), payloads)).rejects.toMatchObject({
    reason: 'foreign-payload',
    retryable: false,
  });
  expect(payloads.reads).toEqual([]);
});

it('a missing payload can be put there, so the message is retried', async () => {
  await expect(readOrder(claim('ours', 'none'), payloadsWith())).rejects.toMatchObject({
    reason: 'payload-missing',
    retryable: true,
  });
});

it.each(['not json', '[]', '{}', claim('ours', 'nested')])(
  'a payload of %s can be corrected, so the message is retried',
  async (text) => {
    const payloads = payloadsWith({ k: text, nested: JSON.stringify(anOrder()) });
    await expect(readOrder(claim('ours', 'k'), payloads)).rejects.toMatchObject({
      reason: 'payload-malformed',
      retryable: true,
    });
  },
);

it.each([
  ['text', 'hello', 'not JSON'],
  ['nothing', '', 'not JSON'],
  ['null', 'null', 'wrong at the whole'],
  ['a list', '[1]', 'wrong at the whole'],
  ['an order without items', JSON.stringify({ ...anOrder(), items: [] }), 'wrong at items'],
  [
    'an order with two mistakes',
    JSON.stringify({ ...anOrder(), orderId: 1, items: [{ sku: 'a', quantity: 0 }] }),
    'wrong at orderId, items[0].quantity',
  ],
  ['a claim check without a key', JSON.stringify({ payload: { bucket: 'ours' } }), 'wrong at payload.key'],
  [
    'an order id with a claim check',
    JSON.stringify({ payload: { bucket: 'ours', key: 'k' }, orderId: 'o' }),
    'wrong at customerId',
  ],
])('a message that is %s is malformed and not retried', async (_, body, detail) => {
  await expect(readOrder(body, payloadsWith())).rejects.toMatchObject({
    reason: 'malformed',
    retryable: false,
    detail: expect.stringContaining(detail) as string,
  });
});

it('reading any message gives an order or a failure that quotes nothing of it', async () => {
  const canary = 'jane@example.com 4111 1111 1111 1111';
  const hostile = fc.oneof(
    fc.json(),
    fc.string(),
    fc.jsonValue().map((value) => JSON.stringify({ ...anOrder(), items: value })),
    fc.jsonValue().map((value) => JSON.stringify({ payload: value })),
    fc.constant(`{"orderId":"${canary}"`),
    fc.constant(JSON.stringify({ ...anOrder(), orderId: canary, customerId: canary, [canary]: canary })),
    fc.constant(JSON.stringify({ payload: { bucket: canary, key: canary, [canary]: canary } })),
  );
  await fc.assert(
    fc.asyncProperty(hostile, async (body) => {
      try {
        await readOrder(body, payloadsWith());
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(OrderFailedError);
        expect((thrown as OrderFailedError).message).not.toMatch(/jane|4111/);
      }
    }),
  );
});
