import { DeadlineReached } from '../../../lambda/queue-processor/deadline';
import { OrderFailed } from '../../../lambda/queue-processor/order-failure';
import { holdBack, settleMessage, type Desk, type FailedMessage } from '../../../lambda/queue-processor/settle-message';
import { aMessage, anOrder } from './orders';
import { TablesModel } from './tables-model';

/** A desk in memory that writes down what happens, in order. */
function aDesk(change: Partial<Desk> = {}) {
  const happened: string[] = [];
  const reasons: FailedMessage[] = [];
  const desk: Desk = {
    payloads: {
      bucket: 'ours',
      read: async () => {
        throw new OrderFailed('payload-missing', 'no object under the key');
      },
    },
    fulfilments: new TablesModel({ 'SKU-1': 100 }),
    patience: { attempts: 2, pause: async () => undefined },
    deadline: { work: new AbortController().signal, return: new AbortController().signal },
    backoff: { baseSeconds: 5, capSeconds: 300 },
    maximumReceives: 5,
    reports: {
      settled: (_, orderId, outcome) => happened.push(`${orderId} ${outcome}`),
      failed: ({ reason }, delaySeconds) => happened.push(`failed ${reason}, back in ${delaySeconds} s`),
      mishap: (_, what) => happened.push(`no ${what}`),
    },
    keepReason: async (failure) => {
      reasons.push(failure);
      happened.push(`kept ${failure.reason}`);
    },
    hide: async ({ messageId }, seconds) => void happened.push(`hidden ${messageId} ${seconds}`),
    random: () => 0.999_999,
    ...change,
  };
  return { desk, happened, reasons };
}

const busy = () => new TablesModel({ 'SKU-1': 100 }, undefined, () => 'busy');
const claim = JSON.stringify({ payload: { bucket: 'ours', key: 'k' } });

it('an order that takes effect is reported, and nothing else is done about its message', async () => {
  const { desk, happened } = aDesk();
  expect(await settleMessage(aMessage(), desk)).toEqual({ done: true });
  expect(happened).toEqual(['o-1 fulfilled']);
});

it('the reason of a failure is kept before its message becomes visible again', async () => {
  const { desk, happened, reasons } = aDesk({ fulfilments: busy() });
  const settled = await settleMessage(aMessage({ receiveCount: 3 }), desk);
  expect(settled).toEqual({ done: false, holdsBack: true, delaySeconds: 20 });
  expect(happened).toEqual(['failed tables-busy, back in 20 s', 'kept tables-busy', 'hidden m-1 20']);
  expect(reasons).toEqual([
    { messageId: 'm-1', orderId: 'o-1', reason: 'tables-busy', detail: 'refused 2 times in a row', receiveCount: 3 },
  ]);
});

it.each([
  ['a malformed message', 'nonsense', 1, 1],
  ['a payload that may be put there', claim, 1, 5],
  ['a payload that may be put there', claim, 4, 40],
  ['a payload that may be put there, at its last receive', claim, 5, 1],
])('%s (%s, receive %i) is back after %i seconds', async (_, body, receiveCount, seconds) => {
  const { desk, happened } = aDesk();
  await settleMessage(aMessage({ body, receiveCount }), desk);
  expect(happened).toContain(`hidden m-1 ${seconds}`);
});

it.each([
  [4, true],
  [5, false],
  [6, false],
])('a message that fails at receive %i of five holds back its group: %s', async (receiveCount, holdsBack) => {
  const { desk } = aDesk();
  expect(await settleMessage(aMessage({ body: 'nonsense', receiveCount }), desk)).toMatchObject({ holdsBack });
});

it('a malformed message has a reason without an order id', async () => {
  const { desk, reasons } = aDesk();
  await settleMessage(aMessage({ body: 'nonsense' }), desk);
  expect(reasons).toEqual([
    { messageId: 'm-1', orderId: undefined, reason: 'malformed', detail: 'not JSON', receiveCount: 1 },
  ]);
});

it('neither a reason nor a delay that cannot be written changes what becomes of the message', async () => {
  const refuse = async () => {
    throw new Error('denied');
  };
  const { desk, happened } = aDesk({ keepReason: refuse, hide: refuse });
  const message = aMessage({ body: 'nonsense' });
  expect(await settleMessage(message, desk)).toMatchObject({ done: false });
  await expect(holdBack([message], 5, desk)).resolves.toBeUndefined();
  expect(happened).toEqual(['failed malformed, back in 1 s', 'no reason', 'no delay', 'no delay']);
});

it('work that is still under way at the deadline is given up, and its message comes again', async () => {
  const work = new AbortController();
  const stuck = new TablesModel({ 'SKU-1': 100 }, () => new Promise(() => undefined));
  const { desk, happened } = aDesk({
    fulfilments: stuck,
    deadline: { work: work.signal, return: new AbortController().signal },
  });
  const settling = settleMessage(aMessage(), desk);
  work.abort(new DeadlineReached('time is up'));
  expect(await settling).toMatchObject({ done: false });
  expect(happened).toContain('kept out-of-time');
});

it('a reason that takes too long is not waited for beyond the return', async () => {
  const end = new AbortController();
  const { desk, happened } = aDesk({
    keepReason: () => new Promise(() => undefined),
    deadline: { work: new AbortController().signal, return: end.signal },
  });
  const settling = settleMessage(aMessage({ body: 'nonsense' }), desk);
  await new Promise(setImmediate);
  end.abort(new DeadlineReached('return'));
  expect(await settling).toMatchObject({ done: false });
  expect(happened).toEqual(['failed malformed, back in 1 s', 'no reason', 'no delay']);
});

it('of an error that nobody foresaw only the name is kept, since its message may quote data', async () => {
  const { desk, reasons } = aDesk({
    fulfilments: {
      fulfil: async () => {
        throw new RangeError(`invalid ${JSON.stringify(anOrder({ customerId: 'jane' }))}`);
      },
      backorder: async () => undefined,
    },
  });
  await settleMessage(aMessage(), desk);
  expect(reasons).toMatchObject([{ reason: 'unexpected', detail: 'RangeError' }]);
});

it('messages that were held back come again no sooner than the one they wait for', async () => {
  const { desk, happened } = aDesk();
  await holdBack([aMessage({ messageId: 'm-2' }), aMessage({ messageId: 'm-3' })], 20, desk);
  expect(happened).toEqual(['hidden m-2 20', 'hidden m-3 20']);
});
