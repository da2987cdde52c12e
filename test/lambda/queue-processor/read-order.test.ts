import fc from 'fast-check';
import { OrderFailed } from '../../../lambda/queue-processor/order-failure';
import { readOrder, type Payloads } from '../../../lambda/queue-processor/read-order';
import { anOrder } from './orders';

function payloadsWith(objects: Readonly<Record<string, string>> = {}): Payloads & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    bucket: 'ours',
    reads,
    read: async (key) => {
      reads.push(key);
      const text = objects[key];
      if (text === undefined) throw new OrderFailed('payload-missing', 'no object under the key');
      return text;
    },
  };
}

const claim = (bucket: string, key: string) => JSON.stringify({ payload: { bucket, key } });

it('an order in a message is read', async () => {
  expect(await readOrder(JSON.stringify(anOrder()), payloadsWith())).toEqual(anOrder());
});

it('fields that nobody knows yet are left out', async () => {
  expect(await readOrder(JSON.stringify({ ...anOrder(), giftWrap: true }), payloadsWith())).toEqual(anOrder());
});

it('the order behind a claim check is read', async () => {
  const payloads = payloadsWith({ 'big/o-1.json': JSON.stringify(anOrder()) });
  expect(await readOrder(claim('ours', 'big/o-1.json'), payloads)).toEqual(anOrder());
});

it('no bucket but the own one is read', async () => {
  const payloads = payloadsWith({ k: JSON.stringify(anOrder()) });
  await expect(readOrder(claim('theirs', 'k'), payloads)).rejects.toMatchObject({
    reason: 'foreign-payload',
    retryable: false,
  });
  expect(payloads.reads).toEqual([]);
});

it('a payload that is missing can be put there: it is worth another try', async () => {
  await expect(readOrder(claim('ours', 'none'), payloadsWith())).rejects.toMatchObject({
    reason: 'payload-missing',
    retryable: true,
  });
});

it.each(['not json', '[]', '{}', claim('ours', 'nested')])('a payload that holds %s can be put right', async (text) => {
  const payloads = payloadsWith({ k: text, nested: JSON.stringify(anOrder()) });
  await expect(readOrder(claim('ours', 'k'), payloads)).rejects.toMatchObject({
    reason: 'payload-malformed',
    retryable: true,
  });
});

it.each([
  ['text', 'hello', 'not JSON'],
  ['nothing', '', 'not JSON'],
  ['null', 'null', 'wrong at the whole'],
  ['a list', '[1]', 'wrong at the whole'],
  ['an order without items', JSON.stringify({ ...anOrder(), items: [] }), 'wrong at items'],
  [
    'an order with two mistakes',
    JSON.stringify({ ...anOrder(), orderId: 1, items: [{ sku: 'a', quantity: 0 }] }),
    'wrong at orderId, items.0.quantity',
  ],
  ['a claim check without a key', JSON.stringify({ payload: { bucket: 'ours' } }), 'wrong at payload.key'],
  ['a claim check with more', JSON.stringify({ payload: { bucket: 'ours', key: 'k' }, orderId: 'o' }), 'the whole'],
])('a message that is %s is malformed for good', async (_, body, detail) => {
  await expect(readOrder(body, payloadsWith())).rejects.toMatchObject({
    reason: 'malformed',
    retryable: false,
    detail: expect.stringContaining(detail) as string,
  });
});

it('whatever a message is, reading it ends in an order or in a failure that quotes nothing of it', async () => {
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
        expect(thrown).toBeInstanceOf(OrderFailed);
        expect((thrown as OrderFailed).message).not.toMatch(/jane|4111/);
      }
    }),
  );
});
