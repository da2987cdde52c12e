import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { readFailure, redriveFailures, type Redrive } from '../../../operations/image-resize/redrive-failures';

interface Queued {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  visible: boolean;
}

const failure = (key: string): string =>
  JSON.stringify({
    version: '1.0',
    timestamp: '2026-11-21T10:00:00.000Z',
    requestContext: { requestId: 'r', condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: { Records: [{ key }] },
    responsePayload: { errorType: 'SlowDown', errorMessage: 'please\n  wait' },
  });

/** A queue and a function in memory: a received message is hidden until its visibility timeout is set to 0. */
class Backend {
  readonly queue: Queued[] = [];
  readonly invoked: string[] = [];
  readonly receives: number[] = [];
  answer: (key: string) => number = () => 202;

  put(...bodies: string[]): void {
    for (const body of bodies)
      this.queue.push({ id: `m${this.queue.length}`, body, sentAt: Date.now() - 1_000, visible: true });
  }

  get left(): string[] {
    return this.queue.filter(({ visible }) => visible).map(({ body }) => keyOf(body) ?? body);
  }

  redrive(settings: Partial<Redrive> = {}) {
    const sqs = { send: (command: unknown) => Promise.resolve(this.sqs(command)) } as unknown as SQSClient;
    const lambda = { send: async (command: InvokeCommand) => this.invoke(command) } as unknown as LambdaClient;
    return redriveFailures({ sqs, lambda, queueUrl: 'queue', functionName: 'ResizeImage', ...settings });
  }

  private sqs(command: unknown): object {
    if (command instanceof ReceiveMessageCommand) return this.receive(command.input.MaxNumberOfMessages ?? 1);
    const { ReceiptHandle } = (command as DeleteMessageCommand | ChangeMessageVisibilityCommand).input;
    const index = this.queue.findIndex(({ id }) => id === ReceiptHandle);
    const message = this.queue[index];
    if (message === undefined) throw new Error(`no message ${String(ReceiptHandle)}`);
    if (command instanceof DeleteMessageCommand) this.queue.splice(index, 1);
    else message.visible = true;
    return {};
  }

  private receive(count: number): object {
    this.receives.push(count);
    const messages = this.queue.filter(({ visible }) => visible).slice(0, count);
    for (const message of messages) message.visible = false;
    return {
      Messages: messages.map(({ id, body, sentAt }) => ({
        MessageId: id,
        ReceiptHandle: id,
        Body: body,
        Attributes: { SentTimestamp: String(sentAt) },
      })),
    };
  }

  private invoke({ input }: InvokeCommand): object {
    expect([input.FunctionName, input.InvocationType]).toEqual(['ResizeImage', 'Event']);
    const event = JSON.parse(Buffer.from(input.Payload as Uint8Array).toString()) as { Records: [{ key: string }] };
    const { key } = event.Records[0];
    const StatusCode = this.answer(key);
    if (StatusCode === 429) throw new Error('Rate exceeded');
    this.invoked.push(key);
    return { StatusCode };
  }
}

function keyOf(body: string): string | undefined {
  return (readFailure(body)?.event as { Records: [{ key: string }] } | undefined)?.Records[0].key;
}

test('every event is invoked once, and its message deleted', async () => {
  const backend = new Backend();
  const keys = Array.from({ length: 25 }, (_, index) => `photo-${index}.jpg`);
  backend.put(...keys.map(failure));
  expect(await backend.redrive()).toEqual({ redriven: 25, left: 0, unreadable: 0 });
  expect(backend.invoked.toSorted()).toEqual(keys.toSorted());
  expect(backend.queue).toEqual([]);
});

test('a dry run invokes nothing and leaves every message to be received at once', async () => {
  const backend = new Backend();
  backend.put(failure('a'), failure('b'));
  expect(await backend.redrive({ dryRun: true })).toMatchObject({ redriven: 2 });
  expect([backend.invoked, backend.left]).toEqual([[], ['a', 'b']]);
});

test('no more than the maximum is received, invoked and deleted', async () => {
  const backend = new Backend();
  backend.put(...Array.from({ length: 20 }, (_, index) => failure(`${index}`)));
  expect(await backend.redrive({ maximum: 13 })).toMatchObject({ redriven: 13 });
  expect([backend.invoked.length, backend.left.length]).toEqual([13, 7]);
  expect(backend.receives).toEqual([10, 3]);
});

test('an event that Lambda does not accept stays in the queue and ends the redrive', async () => {
  const backend = new Backend();
  backend.put(failure('good'), failure('bad'));
  backend.answer = (key) => (key === 'bad' ? 429 : 202);
  const { redriven, error } = await backend.redrive();
  expect([redriven, error?.message, backend.left]).toEqual([1, 'Rate exceeded', ['bad']]);
});

test('a status other than 202 does not count as accepted', async () => {
  const backend = new Backend();
  backend.put(failure('a'));
  backend.answer = () => 200;
  expect((await backend.redrive()).error?.message).toContain('expected status 202 from ResizeImage, got 200');
  expect(backend.left).toEqual(['a']);
});

test('a message without a failed event stays in the queue, and is counted', async () => {
  const backend = new Backend();
  backend.put('hello', failure('a'), '{"requestContext":{}}');
  expect(await backend.redrive()).toEqual({ redriven: 1, left: 0, unreadable: 2 });
  expect(backend.left).toHaveLength(2);
});

test('events that are not selected stay in the queue', async () => {
  const backend = new Backend();
  backend.put(failure('mine'), failure('theirs'));
  const matches = (event: unknown): boolean => JSON.stringify(event).includes('mine');
  expect(await backend.redrive({ matches })).toMatchObject({ redriven: 1, left: 1 });
  expect([backend.invoked, backend.left]).toEqual([['mine'], ['theirs']]);
});

test('an event that fails again is left for the next redrive', async () => {
  const backend = new Backend();
  backend.put(failure('a'));
  backend.answer = (key) => {
    backend.queue.push({
      id: `again-${backend.invoked.length}`,
      body: failure(key),
      sentAt: Date.now() + 1_000,
      visible: true,
    });
    return 202;
  };
  expect(await backend.redrive()).toMatchObject({ redriven: 1, left: 1 });
  expect([backend.invoked, backend.left]).toEqual([['a'], ['a']]);
});

test('a stop takes effect after the current batch, and loses no message', async () => {
  const backend = new Backend();
  backend.put(...Array.from({ length: 30 }, (_, index) => failure(`${index}`)));
  const stop = new AbortController();
  const { redriven } = await backend.redrive({ signal: stop.signal, onRedriven: () => stop.abort() });
  expect([redriven, backend.invoked.length, backend.left.length]).toEqual([10, 10, 20]);
});

test('a failure is read with its condition, time and reason', () => {
  expect(readFailure(failure('a'))).toEqual({
    condition: 'RetriesExhausted',
    attempts: 3,
    failedAt: new Date('2026-11-21T10:00:00.000Z'),
    reason: 'SlowDown: please wait',
    event: { Records: [{ key: 'a' }] },
  });
});

test('a failure without a valid time or reason can still be redriven', () => {
  const record = JSON.parse(failure('a')) as object;
  for (const odd of [undefined, 'odd']) {
    const read = readFailure(JSON.stringify({ ...record, timestamp: odd, responsePayload: odd }));
    expect(read).toEqual({ condition: 'RetriesExhausted', attempts: 3, event: { Records: [{ key: 'a' }] } });
  }
});
