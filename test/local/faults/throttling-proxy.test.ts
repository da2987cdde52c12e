import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { issueCertificate } from '../../../local/certificate';
import { startThrottlingProxy, type ThrottlingProxy } from '../../../local/faults/throttling-proxy';

const tls = issueCertificate(new Date());
const heard: { host: string | undefined; target: unknown; body: string }[] = [];
let service: Server;
let proxy: ThrottlingProxy | undefined;

beforeAll(async () => {
  service = createServer({ cert: tls.certificate, key: tls.key }, (request, response) => {
    void text(request).then((body) => {
      heard.push({ host: request.headers.host, target: request.headers['x-amz-target'], body });
      response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.0' }).end('{"TableNames":["Stock"]}');
    });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  heard.length = 0;
  await proxy?.stop();
  proxy = undefined;
});
afterAll(() => {
  service.close();
  service.closeAllConnections();
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function start(share: number): Promise<{ proxy: ThrottlingProxy; dynamodb: DynamoDBClient }> {
  const endpoint = `https://127.0.0.1:${portOf(service)}`;
  const started = await startThrottlingProxy({ endpoint, ...tls }, 'dynamodb', share);
  const dynamodb = new DynamoDBClient({
    endpoint: `https://127.0.0.1:${started.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: { httpsAgent: new Agent({ ca: tls.certificate }) },
  });
  proxy = started;
  return { proxy: started, dynamodb };
}

test('what is let through reaches the service as it was sent, and its answer comes back', async () => {
  const { proxy: letting, dynamodb } = await start(0);
  expect((await dynamodb.send(new ListTablesCommand({ Limit: 7 }))).TableNames).toEqual(['Stock']);
  expect(heard).toMatchObject([{ target: 'DynamoDB_20120810.ListTables', body: '{"Limit":7}' }]);
  dynamodb.destroy();
  expect(await letting.stop()).toEqual({ calls: 1, throttled: 0 });
});

test('what is refused the SDK takes for throttling by the service, which never hears of it', async () => {
  const { proxy: refusing, dynamodb } = await start(1);
  const error: unknown = await dynamodb.send(new ListTablesCommand({})).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } });
  expect(heard).toEqual([]);
  expect(await refusing.stop()).toEqual({ calls: 1, throttled: 1 });
});

test('a share of the calls is refused', async () => {
  const { proxy: some, dynamodb } = await start(0.5);
  const calls = Array.from({ length: 100 }, () => dynamodb.send(new ListTablesCommand({})));
  const refused = (await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected').length;
  dynamodb.destroy();
  expect(await some.stop()).toEqual({ calls: 100, throttled: refused });
  // Beyond these bounds once in more runs than anybody will make.
  expect(refused).toBeGreaterThan(15);
  expect(refused).toBeLessThan(85);
});
