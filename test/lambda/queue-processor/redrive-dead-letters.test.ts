import type { RedriveResponse } from '../../../lambda/queue-processor/redrive-request';
import { captureOutput, type CapturedOutput } from '../../fakes/captured-output';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { FakeSQS } from '../../fakes/fake-sqs';
import { lambdaContext, loadHandler, type LoadedHandler } from '../../fakes/load-handler';

let sqs: FakeSQS;
let dynamodb: FakeDynamoDB;
let handler: LoadedHandler<RedriveResponse>;
let output: CapturedOutput;

async function start(suffix: '' | '.fifo'): Promise<void> {
  sqs = new FakeSQS({ [`Orders${suffix}`]: {}, [`Dead${suffix}`]: {} });
  dynamodb = new FakeDynamoDB({ FailureReasons: { partitionKey: 'messageId' } });
  const environment = { ...(await sqs.listen()), ...(await dynamodb.listen()) };
  output = captureOutput();
  handler = loadHandler<RedriveResponse>('queue-processor/redrive-dead-letters', {
    ...environment,
    ORDERS_QUEUE_URL: sqs.urlOf(`Orders${suffix}`),
    DEAD_LETTER_QUEUE_URL: sqs.urlOf(`Dead${suffix}`),
    FAILURE_REASONS_TABLE_NAME: 'FailureReasons',
  });
}

afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all([sqs.close(), dynamodb.close()]);
});

const context = () => lambdaContext(60_000);
const bodiesIn = (name: string) => sqs.queue(name).messages.map(({ body }) => body);

describe('on a standard queue', () => {
  beforeEach(() => start(''));

  const source = { DataType: 'String', StringValue: 'shop' };

  it('an empty request sends everything back, with its attributes and groups', async () => {
    sqs.queue('Dead').send({ MessageBody: 'one', MessageAttributes: { source }, MessageGroupId: 'tenant-1' });
    sqs.queue('Dead').send({ MessageBody: 'two' });
    const response = await handler({}, context());
    expect(response).toMatchObject({ found: 2, sent: 2, remaining: 0, reasons: { unrecorded: 2 }, unfinished: false });
    expect(sqs.queue('Orders').messages).toMatchObject([
      { body: 'one', attributes: { source }, groupId: 'tenant-1', deduplicationId: undefined },
      { body: 'two', attributes: {}, groupId: undefined },
    ]);
    expect(bodiesIn('Dead')).toEqual([]);
  });

  it('sends twenty-five large messages in calls that SQS takes', async () => {
    for (let index = 0; index < 25; index++) sqs.queue('Dead').send({ MessageBody: `${index}`.padEnd(300_000, '.') });
    expect(await handler({ perSecond: 1_000 }, context())).toMatchObject({ sent: 25, remaining: 0 });
    expect(bodiesIn('Orders')).toHaveLength(25);
  });

  it('neither the response nor the log contains the content of a message', async () => {
    const { messageId } = sqs.queue('Dead').send({ MessageBody: 'jane@example.com' });
    dynamodb.put('FailureReasons', {
      messageId: { S: messageId },
      reason: { S: 'malformed' },
      detail: { S: 'not JSON' },
    });
    const response = await handler({ dryRun: true }, context());
    expect(response.sample).toMatchObject([{ messageId, reason: 'malformed', detail: 'not JSON' }]);
    expect(JSON.stringify(response) + output.text).not.toContain('jane');
    expect(bodiesIn('Dead')).toEqual(['jane@example.com']);
    expect(sqs.queue('Dead').counts.visible).toBe(1);
  });

  it.each([
    [{ reason: 'nonsense' }, /reason/],
    [{ perSecond: 0 }, /perSecond: use at least 1/],
    [{ dryrun: true }, /leave out the field that is not known/],
    ['all', /the request: use an object/],
  ])('%j is refused before anything is read', async (request, message) => {
    sqs.queue('Dead').send({ MessageBody: 'one' });
    await expect(handler(request, context())).rejects.toThrow(message);
    expect(sqs.requests).toEqual([]);
  });
});

describe('on a FIFO queue', () => {
  beforeEach(() => start('.fifo'));

  const send = (MessageBody: string, MessageGroupId: string) =>
    sqs.queue('Dead.fifo').send({ MessageBody, MessageGroupId, MessageDeduplicationId: MessageBody });

  it('sends the messages of each group in order, though Orders had their ids before', async () => {
    const bodies = ['a1', 'b1', 'a2', 'a3', 'b2'];
    for (const body of bodies) {
      sqs.queue('Orders.fifo').send({ MessageBody: body, MessageGroupId: body[0]!, MessageDeduplicationId: body });
      send(body, body[0]!);
    }
    sqs.queue('Orders.fifo').messages = [];
    expect(await handler({ perSecond: 10 }, context())).toMatchObject({ sent: 5, remaining: 0 });
    const sent = bodiesIn('Orders.fifo');
    expect(sent.filter((body) => body.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(sent.filter((body) => body.startsWith('b'))).toEqual(['b1', 'b2']);
  });
});
