import {
  receiveLimit,
  RedriveProgress,
  type DeadLetter,
  type DeadLetterReason,
  type Receipt,
} from './redrive-progress';
import type { RedriveRequest, RedriveResponse } from './redrive-request';

export interface SendResult<Message extends DeadLetter> {
  readonly accepted: readonly Message[];
  /** Error codes of messages that the queue can never accept. */
  readonly refused: readonly string[];
  /** Error for which others were not sent. */
  readonly error?: Error;
}

/** The dead-letter queue, its source queue, and the saved reasons. */
export interface RedriveDependencies<Message extends DeadLetter> {
  /** Returns the approximate number of dead letters, hidden ones included. */
  count(): Promise<number>;
  /** Receives up to ten and hides them for longer than a redrive takes. */
  receive(maximum: number): Promise<readonly Message[]>;
  /** Returns the saved reasons by message id. */
  reasonsOf(messages: readonly Message[]): Promise<ReadonlyMap<string, DeadLetterReason>>;
  /** Sends them to the queue Orders, on a FIFO queue in order within each group. */
  send(messages: readonly Message[]): Promise<SendResult<Message>>;
  delete(messages: readonly Message[]): Promise<void>;
  /** Makes them visible at once, as far as that succeeds. */
  show(receipts: readonly Receipt[]): Promise<void>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Asked before each receive. */
  hasTimeLeft(): boolean;
}

/** Receives at once; with their sends and deletions some 500 to 1,500 calls a second on SQS. */
const maximumWorkers = 8;

/**
 * Sends the dead letters that match the request back to Orders, and deletes each only after the queue has accepted it.
 *
 * A crash in between leaves a message in both queues: it is delivered twice, which is harmless, since an order takes effect
 * once. Messages that do not match are hidden during the search, and shown again at the end; only if time runs out do they
 * stay hidden until their visibility timeout ends, so that the next call sees the ones that this one did not.
 */
export async function redrive<Message extends DeadLetter>(
  request: RedriveRequest,
  dependencies: RedriveDependencies<Message>,
  clock: Clock,
): Promise<RedriveResponse> {
  const now = clock.now();
  const progress = new RedriveProgress(request, request.startedAt ?? now, now, await dependencies.count());
  const worker = async (): Promise<void> => {
    while (progress.mayContinue() && clock.hasTimeLeft()) {
      const maximum = progress.reserve();
      // Other workers have what is left of the maximum.
      if (maximum === 0) return;
      const chosen = await redriveSome(maximum, progress, dependencies);
      progress.release(maximum - chosen);
      if (!request.dryRun) await clock.sleep(progress.nextSendAt() - clock.now());
    }
  };
  await Promise.all(Array.from({ length: workersFor(request) }, worker));

  const unfinished = progress.mayContinue();
  if (!unfinished) await dependencies.show(progress.held());
  return { ...progress.summary(), remaining: await dependencies.count(), unfinished };
}

/** At a low rate few workers, or they would send in bursts. */
function workersFor({ dryRun, perSecond }: RedriveRequest): number {
  return dryRun ? maximumWorkers : Math.min(maximumWorkers, Math.max(1, Math.floor(perSecond / receiveLimit)));
}

/** Receives some messages and sends those that match. Never rejects: an error is in the progress. */
async function redriveSome<Message extends DeadLetter>(
  maximum: number,
  progress: RedriveProgress,
  dependencies: RedriveDependencies<Message>,
): Promise<number> {
  try {
    const originals = progress.examine(await dependencies.receive(maximum));
    if (originals.length === 0) return 0;
    const reasons = await dependencies.reasonsOf(originals);
    const chosen = originals.flatMap((message) => progress.choose(message, reasons.get(message.messageId)));
    if (progress.dryRun) {
      progress.add(chosen.map(({ sampled }) => sampled));
      return chosen.length;
    }
    if (chosen.length === 0) return 0;
    const { accepted, refused, error } = await dependencies.send(chosen.map(({ message }) => message));
    const acceptedIds = new Set(accepted.map(({ messageId }) => messageId));
    progress.add(chosen.map(({ sampled }) => sampled).filter(({ messageId }) => acceptedIds.has(messageId)));
    progress.refuse(refused);
    if (accepted.length > 0) await dependencies.delete(accepted);
    if (error !== undefined) progress.fail(error);
    return accepted.length;
  } catch (thrown) {
    progress.fail(thrown);
    return 0;
  }
}
