import { DeadlineReachedError } from '../../../lambda/shared/deadline';
import { OrderFailedError } from '../../../lambda/queue-processor/order-failure';
import {
  delayMessages,
  processMessage,
  type FailedMessage,
  type MessageDependencies,
} from '../../../lambda/queue-processor/process-message';
import { aMessage, anOrder } from './orders';
import { TableModel } from './table-model';

/** Dependencies in memory that list the calls in order. */
function dependenciesWith(change: Partial<MessageDependencies> = {}) {
  const calls: string[] = [];
  const reasons: FailedMessage[] = [];
  const dependencies: MessageDependencies = {
    payloads: {
      bucketName: 'ours',
      read: async () => {
        throw new OrderFailedError('payload-missing', 'no object under the key');
      },
    },
    fulfilments: new TableModel({ 'SKU-1': 100 }),
    retryPolicy: { attempts: 2, pause: async () => undefined },
    workSignal: new AbortController().signal,
    returnSignal: new AbortController().signal,
    backoff: { baseSeconds: 5, capSeconds: 300 },
    maximumReceives: 5,
    recorder: {
      processed: (_, orderId, outcome) => calls.push(`${orderId} ${outcome}`),
      failed: ({ reason }, delaySeconds) => calls.push(`failed ${reason}, visible in ${delaySeconds} s`),
      secondaryFailure: (_, what) => calls.push(`no ${what}`),
    },
    saveFailureReason: async (failure) => {
      reasons.push(failure);
      calls.push(`saved ${failure.reason}`);
    },
    changeVisibility: async ({ messageId }, seconds) => void calls.push(`hidden ${messageId} ${seconds}`),
    random: () => 0.999_999,
    ...change,
  };
  return { dependencies, calls, reasons };
}

const busy = () => new TableModel({ 'SKU-1': 100 }, undefined, () => 'busy');
const claim = JSON.stringify({ payload: { bucket: 'ours', key: 'k' } });

it('a fulfilled order is recorded, and nothing else is done with its message', async () => {
  const { dependencies, calls } = dependenciesWith();
  expect(await processMessage(aMessage(), dependencies)).toEqual({ done: true });
  expect(calls).toEqual(['o-1 fulfilled']);
});

it('the reason of a failure is saved before its message becomes visible again', async () => {
  const { dependencies, calls, reasons } = dependenciesWith({ fulfilments: busy() });
  const result = await processMessage(aMessage({ receiveCount: 3 }), dependencies);
  expect(result).toEqual({ done: false, blocksGroup: true, delaySeconds: 20 });
  expect(calls).toEqual(['failed tables-busy, visible in 20 s', 'saved tables-busy', 'hidden m-1 20']);
  expect(reasons).toEqual([
    { messageId: 'm-1', orderId: 'o-1', reason: 'tables-busy', detail: 'refused 2 times in a row', receiveCount: 3 },
  ]);
});

it.each([
  ['a malformed message', 'nonsense', 1, 1],
  ['a missing payload', claim, 1, 5],
  ['a missing payload', claim, 4, 40],
  ['a missing payload at the last receive', claim, 5, 1],
])('%s (%s, receive %i) is visible again after %i seconds', async (_, body, receiveCount, seconds) => {
  const { dependencies, calls } = dependenciesWith();
  await processMessage(aMessage({ body, receiveCount }), dependencies);
  expect(calls).toContain(`hidden m-1 ${seconds}`);
});

it.each([
  ['a missing payload', claim, 4, true],
  ['a missing payload', claim, 5, false],
  ['a missing payload', claim, 6, false],
  ['a malformed message', 'nonsense', 1, false],
])('%s (%s) at receive %i of five blocks its group: %s', async (_, body, receiveCount, blocksGroup) => {
  const { dependencies } = dependenciesWith();
  expect(await processMessage(aMessage({ body, receiveCount }), dependencies)).toMatchObject({ blocksGroup });
});

it('the reason of a malformed message has no order id', async () => {
  const { dependencies, reasons } = dependenciesWith();
  await processMessage(aMessage({ body: 'nonsense' }), dependencies);
  expect(reasons).toEqual([
    { messageId: 'm-1', orderId: undefined, reason: 'malformed', detail: 'not JSON', receiveCount: 1 },
  ]);
});

it('a reason or a delay that cannot be written does not change the result of the message', async () => {
  const refuse = async () => {
    throw new Error('denied');
  };
  const { dependencies, calls } = dependenciesWith({ saveFailureReason: refuse, changeVisibility: refuse });
  const message = aMessage({ body: 'nonsense' });
  expect(await processMessage(message, dependencies)).toMatchObject({ done: false });
  await expect(delayMessages([message], 5, dependencies)).resolves.toBeUndefined();
  expect(calls).toEqual(['failed malformed, visible in 1 s', 'no reason', 'no delay', 'no delay']);
});

it('work that is unfinished at the deadline is stopped, and its message is retried', async () => {
  const work = new AbortController();
  const stuck = new TableModel({ 'SKU-1': 100 }, () => new Promise(() => undefined));
  const { dependencies, calls } = dependenciesWith({
    fulfilments: stuck,
    workSignal: work.signal,
  });
  const processing = processMessage(aMessage(), dependencies);
  work.abort(new DeadlineReachedError('time is up'));
  expect(await processing).toMatchObject({ done: false });
  expect(calls).toContain('saved out-of-time');
});

it('the function does not wait for a reason beyond its return', async () => {
  const end = new AbortController();
  const { dependencies, calls } = dependenciesWith({
    saveFailureReason: () => new Promise(() => undefined),
    returnSignal: end.signal,
  });
  const processing = processMessage(aMessage({ body: 'nonsense' }), dependencies);
  await new Promise(setImmediate);
  end.abort(new DeadlineReachedError('return'));
  expect(await processing).toMatchObject({ done: false });
  expect(calls).toEqual(['failed malformed, visible in 1 s', 'no reason', 'no delay']);
});

it('only the name of an unexpected error is saved, since its message may quote data', async () => {
  const { dependencies, reasons } = dependenciesWith({
    fulfilments: {
      writeFulfilment: async () => {
        throw new RangeError(`invalid ${JSON.stringify(anOrder({ customerId: 'jane' }))}`);
      },
      writeBackorder: async () => undefined,
    },
  });
  await processMessage(aMessage(), dependencies);
  expect(reasons).toMatchObject([{ reason: 'unexpected', detail: 'RangeError' }]);
});

it('delayed messages are hidden as long as the failed one of their group', async () => {
  const { dependencies, calls } = dependenciesWith();
  await delayMessages([aMessage({ messageId: 'm-2' }), aMessage({ messageId: 'm-3' })], 20, dependencies);
  expect(calls).toEqual(['hidden m-2 20', 'hidden m-3 20']);
});
