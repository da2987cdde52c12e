import type { BatchResultErrorEntry, MessageAttributeValue } from '@aws-sdk/client-sqs';

/** Limits of a batch: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
export const batchEntries = 10;
const batchBytes = 1_048_576;

/** Attempts of a batch's failed entries: the SDK retries calls, and a call whose entries fail has succeeded. */
const attempts = 3;

/** Entries of a batch that failed, by message id. */
export type BatchFailures = ReadonlyMap<string, BatchResultErrorEntry>;

/** Calls with the entries of a batch, again with those that failed for a fault of the service; returns the failures by id. */
export async function withRetries<Entry extends { readonly messageId: string }>(
  batch: readonly Entry[],
  pause: (next: number) => Promise<void>,
  call: (entries: readonly Entry[]) => Promise<readonly BatchResultErrorEntry[] | undefined>,
): Promise<BatchFailures> {
  const refused = new Map<string, BatchResultErrorEntry>();
  let entries = batch;
  for (let attempt = 1; ; attempt++) {
    const failed = new Map<string, BatchResultErrorEntry>();
    for (const failure of (await call(entries)) ?? []) {
      const messageId = entries[Number(failure.Id)]?.messageId ?? '';
      (failure.SenderFault === true ? refused : failed).set(messageId, failure);
    }
    if (failed.size === 0 || attempt === attempts) return new Map([...refused, ...failed]);
    entries = entries.filter(({ messageId }) => failed.has(messageId));
    await pause(attempt + 1);
  }
}

interface SizedMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
}

/** Splits messages into batches within the limits of SQS; a message that was in a queue is within them by itself. */
export function batchesOf<Message extends SizedMessage>(messages: readonly Message[]): Message[][] {
  const batches: Message[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = sizeOf(message);
    const last = batches.at(-1);
    if (last !== undefined && last.length < batchEntries && bytes + size <= batchBytes) {
      last.push(message);
      bytes += size;
    } else {
      batches.push([message]);
      bytes = size;
    }
  }
  return batches;
}

/** Bytes that a message counts for: its body, and of each attribute the name, the type and the value. */
function sizeOf({ body, attributes }: SizedMessage): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType = '', StringValue = '', BinaryValue }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.byteLength ?? 0),
    Buffer.byteLength(body),
  );
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

export function namedError(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name });
}
