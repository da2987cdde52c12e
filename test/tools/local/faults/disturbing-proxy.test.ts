import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { HeadObjectCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { issueCertificate } from '../../../../tools/local/certificate';
import { startDisturbingProxy, type DisturbingProxy } from '../../../../tools/local/faults/disturbing-proxy';
import type { DisturbedService, Disturbance } from '../../../../scenarios/shared/faults/fault-injector';
import { seededRandom } from '../../../../tools/scenario-runner/random';

const tls = issueCertificate(new Date());
const received: { host: string | undefined; target: unknown; body: string }[] = [];
const none = { calls: 1, throttled: 0, dropped: 0, unanswered: 0, slow: 0 };
let service: Server;
let proxy: DisturbingProxy | undefined;

beforeAll(async () => {
  service = createServer({ cert: tls.certificate, key: tls.key }, (request, response) => {
    void text(request).then((body) => {
      received.push({ host: request.headers.host, target: request.headers['x-amz-target'], body });
      response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.0' }).end('{"TableNames":["Stock"]}');
    });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  received.length = 0;
  await proxy?.stop();
  proxy = undefined;
});
afterAll(() => {
  service.close();
  service.closeAllConnections();
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function start(disturbance: Disturbance, what: DisturbedService = 'dynamodb') {
  const endpoint = `https://127.0.0.1:${portOf(service)}`;
  const random = seededRandom(1, 'proxy');
  const started = await startDisturbingProxy({ endpoint, ...tls }, what, disturbance, random);
  const client = {
    endpoint: `https://127.0.0.1:${started.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: { httpsAgent: new Agent({ ca: tls.certificate }) },
  };
  proxy = started;
  return {
    proxy: started,
    dynamodb: new DynamoDBClient(client),
    s3: new S3Client({ ...client, forcePathStyle: true }),
  };
}

const thrownBy = (call: Promise<unknown>): Promise<unknown> => call.catch((thrown: unknown) => thrown);

test('a call without disturbance reaches the service unchanged, and so does its response', async () => {
  const { proxy: letting, dynamodb } = await start({});
  expect((await dynamodb.send(new ListTablesCommand({ Limit: 7 }))).TableNames).toEqual(['Stock']);
  expect(received).toMatchObject([{ target: 'DynamoDB_20120810.ListTables', body: '{"Limit":7}' }]);
  dynamodb.destroy();
  expect(await letting.stop()).toEqual(none);
});

test('the SDK takes a throttled call for throttling by the service, which does not receive it', async () => {
  const { proxy: refusing, dynamodb } = await start({ throttled: 1 });
  const error = await thrownBy(dynamodb.send(new ListTablesCommand({})));
  expect(error).toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } });
  expect(received).toEqual([]);
  expect(await refusing.stop()).toEqual({ ...none, throttled: 1 });
});

test('throttling of S3 has the format of S3, and no body for HEAD', async () => {
  const { s3 } = await start({ throttled: 1 }, 's3');
  const error = await thrownBy(s3.send(new ListBucketsCommand({})));
  expect(error).toMatchObject({ name: 'SlowDown', $metadata: { httpStatusCode: 503 } });
  const head = await thrownBy(s3.send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' })));
  expect(head).toMatchObject({ $metadata: { httpStatusCode: 503 } });
});

test('a dropped call ends with a connection error, and the service does not receive it', async () => {
  const { proxy: dropping, dynamodb } = await start({ dropped: 1 });
  await expect(dynamodb.send(new ListTablesCommand({}))).rejects.toThrow('socket hang up');
  expect(received).toEqual([]);
  expect(await dropping.stop()).toEqual({ ...none, dropped: 1 });
});

test('an unanswered call ends with a connection error after the service has executed it', async () => {
  const { proxy: silent, dynamodb } = await start({ unanswered: 1 });
  await expect(dynamodb.send(new ListTablesCommand({}))).rejects.toThrow('socket hang up');
  expect(received).toHaveLength(1);
  expect(await silent.stop()).toEqual({ ...none, unanswered: 1 });
});

test('a slow call is delayed and answered', async () => {
  const { proxy: slow, dynamodb } = await start({ slow: 1, slowMilliseconds: 5 });
  expect((await dynamodb.send(new ListTablesCommand({}))).TableNames).toEqual(['Stock']);
  dynamodb.destroy();
  expect(await slow.stop()).toEqual({ ...none, slow: 1 });
});

test('the seed selects the calls that are disturbed', async () => {
  const { proxy: some, dynamodb } = await start({ throttled: 0.3, dropped: 0.2 });
  const calls = Array.from({ length: 60 }, () => dynamodb.send(new ListTablesCommand({})));
  const failed = (await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected').length;
  dynamodb.destroy();
  const random = seededRandom(1, 'proxy');
  const chances = Array.from({ length: 60 }, random);
  const throttled = chances.filter((chance) => chance < 0.3).length;
  const dropped = chances.filter((chance) => chance >= 0.3 && chance < 0.5).length;
  expect(await some.stop()).toEqual({ ...none, calls: 60, throttled, dropped });
  expect([failed, received.length]).toEqual([throttled + dropped, 60 - throttled - dropped]);
});
