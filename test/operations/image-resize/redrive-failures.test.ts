import type { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { redriveFailures, type Redrive } from '../../../operations/image-resize/redrive-failures';
import { FakeSQS } from '../../fakes/fake-sqs';

const failure = (key: string): string =>
  JSON.stringify({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: { Records: [{ key }] },
  });
const keyOf = (body: string): string =>
  (JSON.parse(body) as { requestPayload: { Records: [{ key: string }] } }).requestPayload.Records[0].key;

let now: number;
let sqs: FakeSQS;
let invoked: string[];
let pauses: number[];
/** Status that Lambda answers for the photo of this key. */
let answer: (key: string) => number;

beforeEach(() => {
  now = Date.now() - 1_000;
  sqs = new FakeSQS({ failures: {} }, () => now);
  invoked = [];
  pauses = [];
  answer = () => 202;
});

function put(...bodies: string[]): void {
  for (const MessageBody of bodies) sqs.queue('failures').send({ MessageBody });
}

/** Messages that can be received now. */
const visible = (): string[] =>
  sqs
    .queue('failures')
    .messages.filter(({ visibleAt }) => visibleAt <= now)
    .map(({ body }) => body);

function redrive(settings: Partial<Redrive> = {}) {
  const lambda = { send: async (command: InvokeCommand) => invoke(command) } as unknown as LambdaClient;
  return redriveFailures({
    sqs: new SQSClient(sqs.clientConfig),
    lambda,
    queueUrl: sqs.urlOf('failures'),
    functionName: 'ResizeImage',
    sleep: async (milliseconds) => pauses.push(milliseconds),
    ...settings,
  });
}

function invoke({ input }: InvokeCommand): object {
  expect([input.FunctionName, input.InvocationType]).toEqual(['ResizeImage', 'Event']);
  const event = JSON.parse(Buffer.from(input.Payload as Uint8Array).toString()) as { Records: [{ key: string }] };
  const { key } = event.Records[0];
  const StatusCode = answer(key);
  if (StatusCode === 429) throw new Error('Rate exceeded');
  invoked.push(key);
  return { StatusCode };
}

const keys = (count: number): string[] => Array.from({ length: count }, (_, index) => `photo-${index}.jpg`);

test('every event is invoked once, and its message deleted', async () => {
  put(...keys(25).map(failure));
  expect(await redrive()).toEqual({ redriven: 25, left: 0, unreadable: 0 });
  expect(invoked.toSorted()).toEqual(keys(25).toSorted());
  expect(sqs.queue('failures').messages).toEqual([]);
  expect(sqs.operations.filter((operation) => operation === 'DeleteMessageBatch')).toHaveLength(3);
});

test('a dry run invokes nothing and leaves every message to be received at once', async () => {
  put(failure('a'), failure('b'));
  expect(await redrive({ dryRun: true })).toMatchObject({ redriven: 2 });
  expect([invoked, visible().map(keyOf)]).toEqual([[], ['a', 'b']]);
});

test('a dry run that takes longer than messages are hidden counts each of them once, and ends', async () => {
  put(...keys(30).map(failure));
  sqs.before = ({ operation }) => {
    if (operation === 'ReceiveMessage') now += 400_000;
    return undefined;
  };
  expect(await redrive({ dryRun: true })).toMatchObject({ redriven: 30 });
});

test('no more than the maximum is received, invoked and deleted', async () => {
  put(...keys(20).map(failure));
  expect(await redrive({ maximum: 13 })).toMatchObject({ redriven: 13 });
  expect([invoked.length, visible().length]).toEqual([13, 7]);
});

test.each([
  [undefined, 50],
  [4, 250],
])('with a rate of %p a second an invocation takes at least %d ms', async (perSecond, pause) => {
  put(failure('a'), failure('b'));
  await redrive(perSecond === undefined ? {} : { perSecond });
  expect(pauses).toEqual([pause, pause]);
});

test('a receive that brings only messages that were seen is not the end', async () => {
  put(...keys(30).map(failure));
  let received = 0;
  // The first ten become visible again before the others are received, as a duplicate delivery does.
  sqs.before = ({ operation }) => {
    if (operation !== 'ReceiveMessage') return undefined;
    received += 1;
    const { messages } = sqs.queue('failures');
    messages.forEach((message, index) => {
      if (received === 1) message.visibleAt = index < 10 ? now : now + 60_000;
      if (received === 2) message.visibleAt = index < 10 ? now : now + 60_000;
      if (received === 3) message.visibleAt = index < 10 ? now + 900_000 : now;
    });
    return undefined;
  };
  expect(await redrive({ dryRun: true })).toMatchObject({ redriven: 30 });
});

test('one empty receive is not the end', async () => {
  put(failure('a'));
  let received = 0;
  sqs.before = ({ operation }) =>
    operation === 'ReceiveMessage' && ++received === 1 ? { status: 200, body: '{}' } : undefined;
  expect(await redrive()).toMatchObject({ redriven: 1 });
});

test('messages that become visible again for ever do not keep a redrive going', async () => {
  put(failure('theirs'));
  sqs.before = ({ operation }) => {
    if (operation === 'ReceiveMessage') now += 1_000_000;
    return undefined;
  };
  expect(await redrive({ matches: () => false })).toEqual({ redriven: 0, left: 1, unreadable: 0 });
  expect(sqs.operations.filter((operation) => operation === 'ReceiveMessage').length).toBeLessThan(20);
});

test('an event that Lambda does not accept stays in the queue and ends the redrive', async () => {
  put(failure('good'), failure('bad'), failure('next'));
  answer = (key) => (key === 'bad' ? 429 : 202);
  const { redriven, error } = await redrive();
  expect([redriven, error?.message, visible().map(keyOf)]).toEqual([1, 'Rate exceeded', ['bad', 'next']]);
});

test('a status other than 202 does not count as accepted', async () => {
  put(failure('a'));
  answer = () => 200;
  expect((await redrive()).error?.message).toContain('expected status 202 from ResizeImage, got 200');
  expect(visible().map(keyOf)).toEqual(['a']);
});

test('a message that is not deleted after its event was sent is an error, and becomes visible', async () => {
  put(failure('a'), failure('b'));
  sqs.before = ({ operation }) =>
    operation === 'DeleteMessageBatch'
      ? {
          status: 200,
          body: JSON.stringify({
            Successful: [{ Id: '0' }],
            Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }],
          }),
        }
      : undefined;
  const { redriven, error } = await redrive();
  expect([redriven, error?.message]).toEqual([
    2,
    '1 events were sent and their messages not deleted: run the redrive again',
  ]);
  expect(visible().map(keyOf)).toContain('b');
});

test('a message without a failed event stays in the queue, and is counted', async () => {
  put('hello', failure('a'), '{"requestContext":{}}');
  expect(await redrive()).toEqual({ redriven: 1, left: 0, unreadable: 2 });
  expect(visible()).toHaveLength(2);
});

test('events that are not selected stay in the queue', async () => {
  put(failure('mine'), failure('theirs'));
  const matches = (event: unknown): boolean => JSON.stringify(event).includes('mine');
  expect(await redrive({ matches })).toMatchObject({ redriven: 1, left: 1 });
  expect([invoked, visible().map(keyOf)]).toEqual([['mine'], ['theirs']]);
});

test('an event that fails again is left for the next redrive', async () => {
  put(failure('a'));
  answer = (key) => {
    now = Date.now() + 60_000;
    put(failure(key));
    return 202;
  };
  expect(await redrive()).toMatchObject({ redriven: 1, left: 1 });
  expect([invoked, visible().map(keyOf)]).toEqual([['a'], ['a']]);
});

test('a stop takes effect after the current message, and loses none', async () => {
  put(...keys(30).map(failure));
  const stop = new AbortController();
  const { redriven } = await redrive({ signal: stop.signal, onRedriven: () => stop.abort() });
  expect([redriven, invoked.length, visible().length]).toEqual([1, 1, 29]);
});
