import pMap from 'p-map';

export interface BatchMessage {
  readonly messageId: string;
  /** Messages of one group are processed one after the other; a message without a group depends on no other. */
  readonly group?: string;
}

export type MessageResult = { readonly done: true } | FailedResult;

/** Result of a message that failed and is hidden for a while. */
export interface FailedResult {
  readonly done: false;
  /** A retry may succeed, so later messages of its group have to wait for it. */
  readonly blocksGroup: boolean;
  readonly delaySeconds: number;
}

export interface BatchWork<Message extends BatchMessage> {
  /** Messages, or groups of them, that are processed at once. */
  readonly concurrency: number;
  /** Asked before each message. */
  readonly hasTimeLeft: () => boolean;
  /** Processes one message. Never rejects: any failure is in the result. */
  process(message: Message): Promise<MessageResult>;
  /** Hides messages that were not tried because an earlier one of their group failed. Never rejects. */
  delay(messages: readonly Message[], delaySeconds: number): Promise<void>;
}

export interface BatchResult<Message extends BatchMessage> {
  readonly failed: readonly Message[];
  /** Not tried, because time ran out or because an earlier message of the group failed. */
  readonly untried: readonly Message[];
}

/**
 * Processes the messages of a batch, several at a time, and returns those that have to be delivered again.
 *
 * A failed message stops only the later messages of its group, and only if a retry may succeed: what is returned untried has
 * used up a receive, and would go to the dead-letter queue with a message that can only fail. AWS advises to stop after any
 * failure, which keeps the order of dead letters too, once they are redriven; here they come after the later ones.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function processBatch<Message extends BatchMessage>(
  messages: readonly Message[],
  work: BatchWork<Message>,
): Promise<BatchResult<Message>> {
  const failed: Message[] = [];
  const untried: Message[] = [];

  const processInOrder = async (sequence: readonly Message[]): Promise<void> => {
    for (const [index, message] of sequence.entries()) {
      if (!work.hasTimeLeft()) {
        untried.push(...sequence.slice(index));
        return;
      }
      const result = await work.process(message);
      if (result.done) continue;
      failed.push(message);
      if (!result.blocksGroup) continue;
      const later = sequence.slice(index + 1);
      untried.push(...later);
      if (later.length > 0) await work.delay(later, result.delaySeconds);
      return;
    }
  };

  await pMap(sequencesOf(messages), processInOrder, { concurrency: work.concurrency });
  return { failed, untried };
}

/** Returns the messages of each group in the order of the batch; a message without a group is a sequence of its own. */
function sequencesOf<Message extends BatchMessage>(messages: readonly Message[]): Message[][] {
  const sequences = Map.groupBy(messages, ({ group, messageId }) =>
    group === undefined ? `message ${messageId}` : `group ${group}`,
  );
  return [...sequences.values()];
}
