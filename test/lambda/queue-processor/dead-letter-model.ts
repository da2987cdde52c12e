import type { RedriveDependencies, SendResult } from '../../../lambda/queue-processor/redrive';
import type { DeadLetter, Receipt } from '../../../lambda/queue-processor/redrive-progress';

export interface StoredDeadLetter extends DeadLetter {
  readonly reason?: string;
  hidden: boolean;
}

/** Faults of the queues; each is asked about one message at a time. */
export interface QueueFaults {
  /** Code with which Orders refuses the message for good. */
  readonly refusal?: (message: StoredDeadLetter) => string | undefined;
  /** Whether sending the message fails. */
  readonly sendFails?: (message: StoredDeadLetter) => boolean;
  readonly deleteFails?: (message: StoredDeadLetter) => boolean;
  readonly receiveFails?: () => boolean;
}

/** Virtual time of the model; waits end at once, in the order of their times. */
export class VirtualClock {
  #now: number;
  #waiting: { at: number; wake: () => void }[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  readonly sleep = async (milliseconds: number): Promise<void> => {
    const at = this.#now + Math.max(0, milliseconds);
    const woken = new Promise<void>((wake) => this.#waiting.push({ at, wake }));
    // Whoever runs now runs until it waits, too.
    setImmediate(() => this.#wakeNext());
    await woken;
  };

  #wakeNext(): void {
    this.#waiting.sort((one, other) => one.at - other.at);
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#now = Math.max(this.#now, next.at);
    next.wake();
  }
}

/** A dead-letter queue in memory, and the messages that were sent to the queue Orders. */
export class DeadLetterModel implements RedriveDependencies<StoredDeadLetter> {
  readonly orders: string[] = [];
  readonly calls: Record<string, number> = {};
  mostCallsAtOnce = 0;
  /** Messages that were to be made visible. */
  shown = 0;
  largestSend = 0;
  /** Called after each send, with the messages that Orders accepted. */
  afterSend: (accepted: readonly StoredDeadLetter[]) => void = () => undefined;
  /** By message id, in the order of arrival; many thousands, so that nothing may look at all of them for each call. */
  readonly #messages: Map<string, StoredDeadLetter>;
  #callsNow = 0;

  constructor(
    stored: readonly StoredDeadLetter[],
    readonly clock: VirtualClock,
    private readonly faults: QueueFaults = {},
    /** Duration of a call in milliseconds. */
    private readonly pace = 10,
  ) {
    this.#messages = new Map(stored.map((message) => [message.messageId, message]));
  }

  get stored(): StoredDeadLetter[] {
    return [...this.#messages.values()];
  }

  add(messages: readonly StoredDeadLetter[]): void {
    for (const message of messages) this.#messages.set(message.messageId, message);
  }

  get visible(): string[] {
    return this.stored.filter(({ hidden }) => !hidden).map(({ messageId }) => messageId);
  }

  async count() {
    return this.#messages.size;
  }

  async receive(maximum: number) {
    await this.#call('receive');
    if (this.faults.receiveFails?.() === true) throw named('ServiceUnavailable');
    const received: StoredDeadLetter[] = [];
    for (const message of this.#messages.values()) {
      if (received.length === maximum) break;
      if (message.hidden) continue;
      message.hidden = true;
      received.push(message);
    }
    // Long polling waits where there is nothing.
    if (received.length === 0) await this.clock.sleep(1_000);
    return received;
  }

  async reasonsOf(messages: readonly StoredDeadLetter[]) {
    await this.#call('reasons');
    return new Map(
      messages.flatMap(({ messageId, reason }) =>
        reason === undefined ? [] : [[messageId, { reason, detail: 'somewhere' }] as const],
      ),
    );
  }

  async send(messages: readonly StoredDeadLetter[]): Promise<SendResult<StoredDeadLetter>> {
    await this.#call('send');
    this.largestSend = Math.max(this.largestSend, messages.length);
    const accepted: StoredDeadLetter[] = [];
    const refused: string[] = [];
    let error: Error | undefined;
    for (const message of messages) {
      const code = this.faults.refusal?.(message);
      if (code !== undefined) refused.push(code);
      else if (this.faults.sendFails?.(message) === true) error ??= named('InternalError');
      else accepted.push(message);
    }
    this.orders.push(...accepted.map(({ messageId }) => messageId));
    this.afterSend(accepted);
    return { accepted, refused, ...(error === undefined ? {} : { error }) };
  }

  async delete(messages: readonly StoredDeadLetter[]) {
    await this.#call('delete');
    for (const message of messages) {
      if (this.faults.deleteFails?.(message) === true) throw named('InternalError');
      this.#messages.delete(message.messageId);
    }
  }

  async show(receipts: readonly Receipt[]) {
    this.shown += receipts.length;
    for (const { messageId } of receipts) {
      const message = this.#messages.get(messageId);
      if (message !== undefined) message.hidden = false;
    }
  }

  async #call(name: string): Promise<void> {
    this.calls[name] = (this.calls[name] ?? 0) + 1;
    this.mostCallsAtOnce = Math.max(this.mostCallsAtOnce, ++this.#callsNow);
    await this.clock.sleep(this.pace);
    this.#callsNow--;
  }
}

function named(name: string): Error {
  return Object.assign(new Error('no'), { name });
}

/** Dead letters with ids `m-0` and up, a minute old at `start`. */
export function deadLetters(
  count: number,
  start: number,
  change: (index: number) => Partial<StoredDeadLetter> = () => ({}),
): StoredDeadLetter[] {
  return Array.from({ length: count }, (_, index) => ({
    messageId: `m-${index}`,
    receiptHandle: `h-${index}`,
    sentAt: start - 60_000,
    hidden: false,
    ...change(index),
  }));
}
