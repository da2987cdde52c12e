import type { SQSBatchResponse } from 'aws-lambda';
import { FakeReceiver, type ReceiverFault } from '../../../scenarios/resource-tagger/fake-receiver';
import { captureOutput, type CapturedOutput } from '../../fakes/captured-output';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { FakeSQS } from '../../fakes/fake-sqs';
import { JsonService, Refusal } from '../../fakes/json-service';
import { loadHandler, type LoadedHandler } from '../../fakes/load-handler';
import { aNotice } from './notices';

class FakeSecretsManager extends JsonService {
  readonly serviceId = 'SECRETS_MANAGER';
  readonly secrets = new Map<string, string>();
  protected readonly operationHandlers = {
    GetSecretValue: ({ SecretId }: { SecretId: string }) => {
      const SecretString = this.secrets.get(SecretId);
      if (SecretString === undefined) throw new Refusal('ResourceNotFoundException', `no secret ${SecretId}`);
      return { SecretString };
    },
  };
}

let sqs: FakeSQS;
let dynamodb: FakeDynamoDB;
let secrets: FakeSecretsManager;
let receiver: FakeReceiver;
let url: string;
let output: CapturedOutput;
let handler: LoadedHandler<SQSBatchResponse>;

async function open(faults: readonly ReceiverFault[] = []): Promise<void> {
  receiver = new FakeReceiver({ '/hook': faults });
  url = `${await receiver.listen()}/hook`;
  secrets.secrets.set('webhook', url);
  const channel = (name: string) => ({ queueUrl: sqs.urlOf(name), secretName: 'webhook' });
  handler = loadHandler('resource-tagger/post-notices', {
    ...(await sqs.listen()),
    ...(await dynamodb.listen()),
    ...(await secrets.listen()),
    CHANNELS: JSON.stringify({ slack: channel('Slack'), teams: channel('Teams') }),
    DELIVERIES_TABLE_NAME: 'Deliveries',
    WEBHOOK_TIMEOUT_MILLISECONDS: faults.includes('slow') ? '200' : '5000',
    LEASE_SECONDS: '30',
    RETRY_BASE_SECONDS: '1',
  });
}
const send = (queue: string, id: string) =>
  sqs.queue(queue).send({ MessageBody: JSON.stringify(aNotice(id, { creator: 'user/canary' })) });
const deliver = (queue: string) => sqs.deliver(queue, (event) => handler(event));

beforeEach(() => {
  sqs = new FakeSQS({ Slack: { visibilityTimeoutSeconds: 180 }, Teams: { visibilityTimeoutSeconds: 180 } });
  dynamodb = new FakeDynamoDB({ Deliveries: { partitionKey: 'id' } });
  secrets = new FakeSecretsManager();
  output = captureOutput();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all([sqs.close(), dynamodb.close(), secrets.close(), receiver.close()]);
});

it('each queue is posted in the form of its receiver', async () => {
  await open();
  send('Slack', '1');
  send('Teams', '1');
  expect(await deliver('Slack')).toEqual({ batchItemFailures: [] });
  expect(await deliver('Teams')).toEqual({ batchItemFailures: [] });
  const [slack = '', teams = ''] = receiver.received.map(({ body }) => body);
  expect(JSON.parse(slack)).toHaveProperty('blocks');
  expect(JSON.parse(teams)).toHaveProperty('attachments');
});

it.each([
  ['failed', 'status 500'],
  ['throttled', 'status 429'],
  ['slow', 'TimeoutError'],
  ['reset', expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/) as string],
] as const)('a receiver that is %s has the notices again', async (fault, reason) => {
  await open([fault]);
  send('Slack', '1');
  expect((await deliver('Slack'))?.batchItemFailures).toHaveLength(1);
  expect(output.lines('notices posted')).toMatchObject([{ channel: 'slack', undelivered: 1, reasons: reason }]);
});

it.each([
  [undefined, 'the secret cannot be read: ResourceNotFoundException'],
  ['http://example.com/hook', 'the secret holds no URL that begins with https'],
  ['canary', 'the secret holds no URL that begins with https'],
])('a secret with %s keeps the notices', async (secret, reason) => {
  await open();
  if (secret === undefined) secrets.secrets.clear();
  else secrets.secrets.set('webhook', secret);
  send('Slack', '1');
  expect((await deliver('Slack'))?.batchItemFailures).toHaveLength(1);
  expect(output.lines('notices posted')).toMatchObject([{ reasons: reason }]);
});

it.each([[[]], [['failed']], [['reset']], [['slow']]] as ReceiverFault[][][])(
  'the log has no URL and no name (%j)',
  async (faults) => {
    await open(faults);
    send('Slack', '1');
    await deliver('Slack');
    expect(output.text).not.toContain(url);
    expect(output.text).not.toContain('/hook');
    expect(output.text).not.toContain('canary');
  },
);
