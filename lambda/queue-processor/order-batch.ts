/** What a batch asks of a message: who it is, and which others wait for it. */
export interface BatchMessage {
  readonly messageId: string;
  /** Messages of one group are settled one after the other; those without a group wait for none. */
  readonly group?: string;
}

export type Settled = { readonly done: true } | FailedForNow;

/** The message was not done, and is hidden for a while. */
export interface FailedForNow {
  readonly done: false;
  /** It will be tried again, so later messages of its group have to wait for it. */
  readonly holdsBack: boolean;
  readonly delaySeconds: number;
}

export interface BatchWork<Message extends BatchMessage> {
  /** Messages, or groups of them, that are worked on at once. */
  readonly parallelism: number;
  /** Asked before each message. */
  readonly hasTime: () => boolean;
  /** Never rejects: whatever goes wrong with a message is how it ended. */
  settle(message: Message): Promise<Settled>;
  /** Told which messages were not tried because an earlier one of their group failed, and for how long; never rejects. */
  holdBack(messages: readonly Message[], delaySeconds: number): Promise<void>;
}

export interface BatchResult<Message extends BatchMessage> {
  readonly failed: readonly Message[];
  /** Not tried, for want of time or because an earlier one of their group failed. */
  readonly untried: readonly Message[];
}

/**
 * Settles the messages of a batch, some at a time, and tells which have to come again.
 *
 * A failed message stops no other, but for the later ones of its own group. A failed message that will not be tried again
 * holds nobody back: those behind it were received as often as it was, and would be set aside with it, untried.
 */
export async function settleBatch<Message extends BatchMessage>(
  messages: readonly Message[],
  work: BatchWork<Message>,
): Promise<BatchResult<Message>> {
  const failed: Message[] = [];
  const untried: Message[] = [];

  const settleSequence = async (sequence: readonly Message[]): Promise<void> => {
    for (const [index, message] of sequence.entries()) {
      if (!work.hasTime()) {
        untried.push(...sequence.slice(index));
        return;
      }
      const settled = await work.settle(message);
      if (settled.done) continue;
      failed.push(message);
      if (!settled.holdsBack) continue;
      const later = sequence.slice(index + 1);
      untried.push(...later);
      if (later.length > 0) await work.holdBack(later, settled.delaySeconds);
      return;
    }
  };

  const waiting = sequencesOf(messages).values();
  const lane = async (): Promise<void> => {
    // One iterator for all lanes: each takes the next sequence that nobody has taken.
    for (const sequence of waiting) await settleSequence(sequence);
  };
  await Promise.all(Array.from({ length: work.parallelism }, lane));
  return { failed, untried };
}

/** The messages that have to wait for each other, in the order of the batch; one without a group is alone. */
function sequencesOf<Message extends BatchMessage>(messages: readonly Message[]): Message[][] {
  const sequences = new Map<string, Message[]>();
  for (const message of messages) {
    const { group, messageId } = message;
    const key = group === undefined ? `message ${messageId}` : `group ${group}`;
    sequences.set(key, [...(sequences.get(key) ?? []), message]);
  }
  return [...sequences.values()];
}
