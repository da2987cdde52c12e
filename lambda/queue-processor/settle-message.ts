import { backoffSeconds, soonSeconds, type Backoff } from './backoff';
import { DeadlineReached, orStop, type Deadline } from './deadline';
import { fulfil, type Fulfilments, type Outcome, type Patience } from './fulfilment';
import type { Settled } from './order-batch';
import { asFailure, OrderFailed } from './order-failure';
import { readOrder, type Payloads } from './read-order';
import type { OrderMessage } from './sqs-event';

/** Why a message failed, as it is kept for the person who will look at it. */
export interface FailedMessage {
  readonly messageId: string;
  /** Absent where the message could not be read as an order. */
  readonly orderId?: string | undefined;
  readonly reason: OrderFailed['reason'];
  readonly detail: string;
  readonly receiveCount: number;
}

/** What is told of a message for logs and metrics. */
export interface MessageReports {
  settled(message: OrderMessage, orderId: string, outcome: Outcome): void;
  failed(failure: FailedMessage, delaySeconds: number): void;
  /** Something beside the message went wrong, which changes nothing for it. */
  mishap(message: OrderMessage, what: string, thrown: unknown): void;
}

export interface Desk {
  readonly payloads: Payloads;
  readonly fulfilments: Fulfilments;
  readonly patience: Patience;
  readonly deadline: Pick<Deadline, 'work' | 'return'>;
  readonly backoff: Backoff;
  /** The receive after which the queue sets a message aside. */
  readonly maximumReceives: number;
  readonly reports: MessageReports;
  readonly keepReason: (failure: FailedMessage) => Promise<void>;
  readonly hide: (message: OrderMessage, seconds: number) => Promise<void>;
  /** At least 0 and below 1. */
  readonly random: () => number;
}

/** Settles one message: the order takes effect, or its reason is kept and it becomes visible again later. Never rejects. */
export async function settleMessage(message: OrderMessage, desk: Desk): Promise<Settled> {
  let orderId: string | undefined;
  try {
    const outcome = await orStop(desk.deadline.work, async () => {
      const order = await readOrder(message.body, desk.payloads);
      orderId = order.orderId;
      return fulfil(order, desk.fulfilments, desk.patience);
    });
    desk.reports.settled(message, orderId ?? '', outcome);
    return { done: true };
  } catch (thrown) {
    // A request that was aborted says only that it was; the deadline says why.
    const failure = desk.deadline.work.aborted ? outOfTime(desk.deadline.work.reason) : asFailure(thrown);
    return settleFailure(message, orderId, failure, desk);
  }
}

/** Lets messages that wait for a failed one become visible no sooner than it does. Never rejects. */
export async function holdBack(messages: readonly OrderMessage[], seconds: number, desk: Desk): Promise<void> {
  for (const message of messages) await attempt(message, 'delay', desk, () => desk.hide(message, seconds));
}

function delayOf(message: OrderMessage, failure: OrderFailed, desk: Desk): number {
  const lastReceive = message.receiveCount >= desk.maximumReceives;
  if (lastReceive || !failure.retryable) return soonSeconds;
  return backoffSeconds(message.receiveCount, desk.backoff, desk.random());
}

async function settleFailure(
  message: OrderMessage,
  orderId: string | undefined,
  failure: OrderFailed,
  desk: Desk,
): Promise<Settled> {
  const { messageId, receiveCount } = message;
  const failed = { messageId, orderId, reason: failure.reason, detail: failure.detail, receiveCount };
  const delaySeconds = delayOf(message, failure, desk);
  desk.reports.failed(failed, delaySeconds);
  // The reason first: once the message is visible another worker may set it aside.
  await attempt(message, 'reason', desk, () => desk.keepReason(failed));
  await attempt(message, 'delay', desk, () => desk.hide(message, delaySeconds));
  return { done: false, holdsBack: receiveCount < desk.maximumReceives, delaySeconds };
}

/** What a failed message is given beside its return may fail, and never fails the message or the batch. */
async function attempt(message: OrderMessage, what: string, desk: Desk, act: () => Promise<void>): Promise<void> {
  try {
    await orStop(desk.deadline.return, act);
  } catch (thrown) {
    desk.reports.mishap(message, what, thrown);
  }
}

function outOfTime(reason: unknown): OrderFailed {
  const name = reason instanceof DeadlineReached ? reason.name : 'aborted';
  return new OrderFailed('out-of-time', name, { cause: reason });
}
