import { backoffSeconds, permanentFailureDelaySeconds, type Backoff } from './backoff';
import { fulfil, type FulfilmentStore, type Outcome, type RetryPolicy } from './fulfilment';
import type { MessageResult } from './order-batch';
import { OrderFailedError, toOrderFailedError } from './order-failure';
import { readOrder, type PayloadStore } from './read-order';
import type { OrderMessage } from './sqs-orders';
import { DeadlineReachedError } from '../shared/deadline';
import { raceAbort } from '../shared/race-abort';

/** A failed message as it is saved for the operator. */
export interface FailedMessage {
  readonly messageId: string;
  /** Absent if the message could not be parsed as an order. */
  readonly orderId?: string | undefined;
  readonly reason: OrderFailedError['reason'];
  readonly detail: string;
  readonly receiveCount: number;
}

/** Logs and metrics of messages. */
export interface Recorder {
  processed(message: OrderMessage, orderId: string, outcome: Outcome): void;
  failed(failure: FailedMessage, delaySeconds: number): void;
  /** Records that the reason or the delay of a failed message was not written, which does not change its result. */
  secondaryFailure(message: OrderMessage, what: string, thrown: unknown): void;
}

export interface MessageDependencies {
  readonly payloads: PayloadStore;
  readonly fulfilments: FulfilmentStore;
  readonly retryPolicy: RetryPolicy;
  /** Aborts when work on a message has to stop. */
  readonly workSignal: AbortSignal;
  /** Aborts when the function has to return, whatever is still under way. */
  readonly returnSignal: AbortSignal;
  readonly backoff: Backoff;
  /** Number of receives after which the queue moves a message to the dead-letter queue. */
  readonly maximumReceives: number;
  readonly recorder: Recorder;
  readonly saveFailureReason: (failure: FailedMessage) => Promise<void>;
  readonly changeVisibility: (message: OrderMessage, seconds: number) => Promise<void>;
  /** At least 0 and below 1. */
  readonly random: () => number;
}

/** Processes one message: the order takes effect, or its reason is saved and it becomes visible later. Never rejects. */
export async function processMessage(message: OrderMessage, dependencies: MessageDependencies): Promise<MessageResult> {
  const { workSignal, payloads, fulfilments, retryPolicy, recorder } = dependencies;
  let orderId: string | undefined;
  try {
    const outcome = await raceAbort(workSignal, async () => {
      const order = await readOrder(message.body, payloads);
      orderId = order.orderId;
      return fulfil(order, fulfilments, retryPolicy);
    });
    recorder.processed(message, orderId ?? '', outcome);
    return { done: true };
  } catch (thrown) {
    // An aborted request says only that it was aborted; the signal has the reason.
    const failure = workSignal.aborted ? outOfTime(workSignal.reason) : toOrderFailedError(thrown);
    return recordFailure(message, orderId, failure, dependencies);
  }
}

/** Hides messages that have to wait for a failed one as long as that one is hidden. Never rejects. */
export async function delayMessages(
  messages: readonly OrderMessage[],
  seconds: number,
  dependencies: MessageDependencies,
): Promise<void> {
  for (const message of messages)
    await attempt(message, 'delay', dependencies, () => dependencies.changeVisibility(message, seconds));
}

/** Returns whether a later receive of a failed message could still succeed. */
function willBeRetried(
  { receiveCount }: OrderMessage,
  failure: OrderFailedError,
  { maximumReceives }: MessageDependencies,
) {
  return failure.retryable && receiveCount < maximumReceives;
}

function delayOf(message: OrderMessage, failure: OrderFailedError, dependencies: MessageDependencies): number {
  if (!willBeRetried(message, failure, dependencies)) return permanentFailureDelaySeconds;
  return backoffSeconds(message.receiveCount, dependencies.backoff, dependencies.random());
}

async function recordFailure(
  message: OrderMessage,
  orderId: string | undefined,
  failure: OrderFailedError,
  dependencies: MessageDependencies,
): Promise<MessageResult> {
  const { messageId, receiveCount } = message;
  const failed = { messageId, orderId, reason: failure.reason, detail: failure.detail, receiveCount };
  const delaySeconds = delayOf(message, failure, dependencies);
  dependencies.recorder.failed(failed, delaySeconds);
  // The reason first: once the message is visible, another receive may move it to the dead-letter queue.
  await attempt(message, 'reason', dependencies, () => dependencies.saveFailureReason(failed));
  await attempt(message, 'delay', dependencies, () => dependencies.changeVisibility(message, delaySeconds));
  return { done: false, blocksGroup: willBeRetried(message, failure, dependencies), delaySeconds };
}

/** Does what is written about a failed message; an error there fails neither the message nor the batch. */
async function attempt(
  message: OrderMessage,
  what: string,
  { returnSignal, recorder }: MessageDependencies,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await raceAbort(returnSignal, act);
  } catch (thrown) {
    recorder.secondaryFailure(message, what, thrown);
  }
}

function outOfTime(reason: unknown): OrderFailedError {
  const name = reason instanceof DeadlineReachedError ? reason.name : 'aborted';
  return new OrderFailedError('out-of-time', name, { cause: reason });
}
