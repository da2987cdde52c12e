import { unrecorded, type RedriveRequest, type RedriveResponse, type SampledDeadLetter } from './redrive-request';

/** A message that was received from the dead-letter queue. */
export interface DeadLetter {
  readonly messageId: string;
  readonly receiptHandle: string;
  /** Time at which it was sent to the queue Orders, in milliseconds since 1970. */
  readonly sentAt: number;
}

/** Ids that make a message visible again; without the body, since a redrive may hold many thousands. */
export type Receipt = Pick<DeadLetter, 'messageId' | 'receiptHandle'>;

/** Recorded cause of a dead letter's failure. */
export interface DeadLetterReason {
  readonly reason: string;
  readonly detail: string;
  readonly orderId?: string;
}

/** Messages of one receive, the limit of SQS. */
export const receiveLimit = 10;

const sampleSize = 10;

/** State of a redrive that its workers share. */
export class RedriveProgress {
  readonly dryRun: boolean;
  readonly #seen = new Set<string>();
  readonly #held = new Map<string, Receipt>();
  readonly #reasons: Record<string, number> = {};
  readonly #refused: Record<string, number> = {};
  readonly #sample: SampledDeadLetter[] = [];
  #unreserved: number;
  #originals = 0;
  #sent = 0;
  #oldestSeconds = 0;
  #emptyReceives = 0;
  #error: unknown;

  constructor(
    private readonly request: RedriveRequest,
    private readonly startedAt: number,
    private readonly invokedAt: number,
    private readonly found: number,
  ) {
    this.dryRun = request.dryRun;
    this.#unreserved = request.max ?? Infinity;
  }

  /**
   * SQS may return nothing while there are messages, so one empty receive is not the end unless as many were examined as there
   * were. A receive of messages that were sent after the start is empty too, or a redrive of what fails at once would not end.
   */
  mayContinue(): boolean {
    const emptyAtTheEnd = this.#originals >= this.found ? 1 : 2;
    const isComplete = this.#emptyReceives >= emptyAtTheEnd || this.#sent >= (this.request.max ?? Infinity);
    return !isComplete && this.#error === undefined;
  }

  /** Returns how many messages to receive, and reserves them against the maximum. */
  reserve(): number {
    const limits = [receiveLimit, this.#unreserved, ...(this.dryRun ? [] : [this.request.perSecond])];
    const reserved = Math.min(...limits);
    this.#unreserved -= reserved;
    return reserved;
  }

  release(count: number): void {
    this.#unreserved += count;
  }

  /** Returns the time at which the rate allows the next message. */
  nextSendAt(): number {
    return this.invokedAt + (this.#sent / this.request.perSecond) * 1_000;
  }

  /** Holds received messages, and returns those that were in the queue at the start and are examined for the first time. */
  examine<Message extends DeadLetter>(messages: readonly Message[]): Message[] {
    const fresh = messages.filter(({ messageId }) => !this.#seen.has(messageId));
    for (const { messageId, receiptHandle } of fresh) {
      this.#seen.add(messageId);
      this.#held.set(messageId, { messageId, receiptHandle });
    }
    const originals = fresh.filter(({ sentAt }) => sentAt <= this.startedAt);
    this.#originals += originals.length;
    this.#emptyReceives = originals.length === 0 ? this.#emptyReceives + 1 : 0;
    return originals;
  }

  /** Returns the message with its description if it matches the request. */
  choose<Message extends DeadLetter>(
    message: Message,
    { reason, detail, orderId }: DeadLetterReason = { reason: unrecorded, detail: '' },
  ): { message: Message; sampled: SampledDeadLetter }[] {
    const { messageId, sentAt } = message;
    const ageSeconds = Math.floor((this.startedAt - sentAt) / 1_000);
    const matches =
      ageSeconds >= this.request.olderThanSeconds &&
      (this.request.reason === undefined || reason === this.request.reason);
    const order = orderId === undefined ? {} : { orderId };
    return matches ? [{ message, sampled: { messageId, reason, detail, ageSeconds, ...order } }] : [];
  }

  /** Counts messages that were sent, or would be. */
  add(sampled: readonly SampledDeadLetter[]): void {
    for (const one of sampled) {
      this.#sent++;
      this.#reasons[one.reason] = (this.#reasons[one.reason] ?? 0) + 1;
      this.#oldestSeconds = Math.max(this.#oldestSeconds, one.ageSeconds);
      if (this.#sample.length < sampleSize) this.#sample.push(one);
      if (!this.dryRun) this.#held.delete(one.messageId);
    }
  }

  refuse(codes: readonly string[]): void {
    for (const code of codes) this.#refused[code] = (this.#refused[code] ?? 0) + 1;
  }

  fail(thrown: unknown): void {
    this.#error ??= thrown;
  }

  held(): Receipt[] {
    return [...this.#held.values()];
  }

  summary(): Omit<RedriveResponse, 'remaining' | 'unfinished'> {
    return {
      startedAt: this.startedAt,
      found: this.found,
      examined: this.#seen.size,
      sent: this.#sent,
      reasons: this.#reasons,
      refused: this.#refused,
      oldestSeconds: this.#oldestSeconds,
      sample: this.#sample,
      ...(this.#error === undefined
        ? {}
        : { error: this.#error instanceof Error ? this.#error.name : typeof this.#error }),
    };
  }
}
