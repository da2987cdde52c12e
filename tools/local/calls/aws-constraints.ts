import { isXmlText } from '../../../lambda/shared/xml-text';
import type { Request } from './call';
import type { OperationInput } from './request-input';

/** Constraint that AWS enforces and its service models do not have. */
interface Constraint {
  readonly operations: readonly string[];
  /** Page of AWS's documentation that states it. */
  readonly source: string;
  /** Returns a violation in a line, or undefined. */
  readonly check: (input: Input, request: Request) => string | undefined;
}

type Input = Readonly<Record<string, unknown>>;

const sqs = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/';

const constraints: Readonly<Record<string, readonly Constraint[]>> = {
  sqs: [
    {
      operations: ['SendMessage', 'SendMessageBatch'],
      source: `${sqs}APIReference/API_SendMessage.html`,
      check: (input) => {
        const isFifo = isFifoQueue(input);
        const messages = entriesOf(input);
        if (!isFifo && messages.some((message) => message['MessageDeduplicationId'] !== undefined)) {
          return 'MessageDeduplicationId is refused by a standard queue';
        }
        if (isFifo && messages.some((message) => message['MessageGroupId'] === undefined)) {
          return 'MessageGroupId is missing for a FIFO queue';
        }
        return isFifo && messages.some((message) => message['DelaySeconds'] !== undefined)
          ? 'DelaySeconds of a message is refused by a FIFO queue'
          : undefined;
      },
    },
    {
      operations: ['SendMessageBatch', 'DeleteMessageBatch', 'ChangeMessageVisibilityBatch'],
      source: `${sqs}APIReference/API_SendMessageBatch.html`,
      check: (input) => {
        const ids = entriesOf(input).map(({ Id }) => String(Id));
        if (ids.length === 0 || ids.length > 10) return `a batch has 1 to 10 entries, not ${ids.length}`;
        if (new Set(ids).size < ids.length) return 'Ids of a batch are not distinct';
        const wrong = ids.find((id) => !/^[\w-]{1,80}$/.test(id));
        return wrong === undefined ? undefined : `Id ${JSON.stringify(wrong)} is not 1 to 80 letters, digits, - and _`;
      },
    },
    {
      operations: ['SendMessage', 'SendMessageBatch'],
      source: `${sqs}SQSDeveloperGuide/quotas-messages.html`,
      check: (input) =>
        totalBytes(entriesOf(input).map((one) => one['MessageBody'])) > 1_048_576 ? 'messages exceed 1 MiB' : undefined,
    },
    {
      operations: ['ReceiveMessage'],
      source: `${sqs}APIReference/API_ReceiveMessage.html`,
      check: ({ MaxNumberOfMessages: most = 1, WaitTimeSeconds: wait = 0 }) =>
        within(most, 1, 10) && within(wait, 0, 20)
          ? undefined
          : `receives ${String(most)} messages in ${String(wait)} s`,
    },
    {
      operations: ['ChangeMessageVisibility', 'ChangeMessageVisibilityBatch'],
      source: `${sqs}APIReference/API_ChangeMessageVisibility.html`,
      check: (input) =>
        entriesOf(input).every((one) => within(one['VisibilityTimeout'] ?? 0, 0, 43_200))
          ? undefined
          : 'VisibilityTimeout is not 0 to 43,200 seconds',
    },
  ],
  s3: [
    {
      operations: ['PutObject', 'CopyObject', 'CreateMultipartUpload', 'GetObject', 'HeadObject', 'DeleteObject'],
      source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html',
      check: ({ Key }) => (totalBytes([Key]) > 1_024 ? 'Key exceeds 1,024 bytes' : undefined),
    },
    {
      operations: ['DeleteObjects'],
      source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html',
      check: (_, { body }) => {
        const keys = body.match(/<Key>/g)?.length ?? 0;
        if (keys > 1_000) return `deletes ${keys} objects: 1,000 at most`;
        return hasNoXmlCharacter(body)
          ? 'a Key has a character that XML cannot carry: delete it by DeleteObject'
          : undefined;
      },
    },
  ],
  states: [
    {
      operations: ['StartExecution'],
      source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html',
      check: ({ name }) =>
        typeof name === 'string' && /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u.test(name)
          ? `name ${JSON.stringify(name)} has a character that AWS refuses`
          : undefined,
    },
    {
      operations: ['StartExecution', 'SendTaskSuccess'],
      source: 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html',
      check: ({ input, output }) => (totalBytes([input, output]) > 262_144 ? 'data exceeds 256 KiB' : undefined),
    },
  ],
  sns: [
    {
      operations: ['Publish'],
      source: 'https://docs.aws.amazon.com/sns/latest/api/API_Publish.html',
      check: ({ Subject: subject, Message: message }) => {
        if (typeof subject === 'string' && !/^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(subject)) {
          return 'Subject is not up to 99 ASCII characters without line breaks that begin with a letter, digit or punctuation';
        }
        return totalBytes([message]) > 262_144 ? 'Message exceeds 256 KiB' : undefined;
      },
    },
  ],
  lambda: [
    {
      operations: ['Invoke'],
      source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
      check: ({ InvocationType: type }, { body }) => {
        const limit = type === 'Event' ? 1_048_576 : 6_291_456;
        return totalBytes([body]) > limit ? `payload exceeds ${limit} bytes` : undefined;
      },
    },
  ],
};

/** Violations of constraints that the models lack, each with its source. */
export function checkConstraints({ operation, input }: OperationInput, request: Request): string[] {
  const own = constraints[request.service] ?? [];
  return own
    .filter(({ operations }) => operations.includes(operation))
    .flatMap(({ check, source }) => {
      const violation = check(input, request);
      return violation === undefined ? [] : [`${violation} (${source})`];
    });
}

function isFifoQueue({ QueueUrl: url }: Input): boolean {
  return typeof url === 'string' && url.endsWith('.fifo');
}

/** Entries of a batch, or the call itself. */
function entriesOf(input: Input): readonly Input[] {
  const entries = input['Entries'];
  return Array.isArray(entries) ? (entries as Input[]) : [input];
}

function within(value: unknown, least: number, most: number): boolean {
  return Number(value) >= least && Number(value) <= most;
}

function totalBytes(texts: readonly unknown[]): number {
  return texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 0), 0);
}

/** Whether a body of XML has a character that it cannot carry, as it is or by a reference. */
function hasNoXmlCharacter(text: string): boolean {
  const written = text.replace(/&#(x?)([\da-f]+);/gi, (_, hex: string, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, hex === '' ? 10 : 16)),
  );
  return !isXmlText(written);
}
