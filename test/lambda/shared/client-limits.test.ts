import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createS3Client } from '../../../lambda/shared/s3-client';

const environment = { ...process.env };
let server: Server;
let inFlight = 0;
let mostInFlight = 0;
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  inFlight = mostInFlight = 0;
  server = createServer((_, response) => {
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    response.once('close', () => inFlight--);
    answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
});

afterEach(() => {
  process.env = { ...environment };
  server.closeAllConnections();
  server.close();
});

const head = () => new HeadObjectCommand({ Bucket: 'photos', Key: 'a.jpg' });
const get = () => new GetObjectCommand({ Bucket: 'photos', Key: 'a.jpg' });

it('waiting requests do not time out behind a server that is slower than their timeout for connecting', async () => {
  answer = (response) => void setTimeout(() => response.end(), 900);
  const limited = createS3Client({ maxInFlight: 1, connectionTimeout: 500, requestTimeout: 2_000, maxAttempts: 1 });
  const bySockets = new S3Client({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 500, requestTimeout: 2_000, httpAgent: { maxSockets: 1 } },
  });
  const twice = async (client: S3Client) => Promise.allSettled([client.send(head()), client.send(head())]);
  const [answers, withoutLimit] = await Promise.all([twice(limited), twice(bySockets)]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  // A limit of sockets alone lets the SDK's timers run while a request waits for one.
  expect(withoutLimit).toContainEqual({
    status: 'rejected',
    reason: expect.objectContaining({ name: 'TimeoutError' }),
  });
});

it('no more requests are on their way than the limit, retries included', async () => {
  let requests = 0;
  answer = (response) => {
    response.statusCode = ++requests % 3 === 0 ? 503 : 200;
    setTimeout(() => response.end(), 20);
  };
  const client = createS3Client({ maxInFlight: 3 });
  await Promise.all(Array.from({ length: 12 }, () => client.send(head())));
  expect(requests).toBeGreaterThan(12);
  expect(mostInFlight).toBe(3);
});

it('an answer whose body is still read counts as on its way', async () => {
  answer = (response) => {
    response.setHeader('content-length', 8);
    response.write('half');
    setTimeout(() => response.end('full'), 50);
  };
  const client = createS3Client({ maxInFlight: 1 });
  const { Body } = await client.send(get());
  const second = client.send(get());
  await sleep(20);
  expect(mostInFlight).toBe(1);
  await expect(Body?.transformToString()).resolves.toBe('halffull');
  await expect((await second).Body?.transformToString()).resolves.toBe('halffull');
  expect(mostInFlight).toBe(1);
});

it('a body that is given up makes room', async () => {
  answer = (response) => void response.write('half');
  const client = createS3Client({ maxInFlight: 1 });
  const controller = new AbortController();
  const { Body } = await client.send(get(), { abortSignal: controller.signal });
  const read = Body?.transformToString();
  controller.abort();
  await expect(read).rejects.toThrow();
  answer = (response) => void response.end();
  await client.send(head());
});

it('a request that waits ends with its signal, as one under way does', async () => {
  const arrived = Promise.withResolvers<ServerResponse>();
  answer = arrived.resolve;
  const client = createS3Client({ maxInFlight: 1, requestTimeout: 60_000 });
  const first = client.send(head());
  const unanswered = await arrived.promise;
  const controller = new AbortController();
  const second = client.send(head(), { abortSignal: controller.signal });
  setTimeout(() => controller.abort(), 10);
  await expect(second).rejects.toMatchObject({ name: 'AbortError' });
  unanswered.end();
  await first;
  answer = (response) => void response.end();
  await client.send(head());
  expect(mostInFlight).toBe(1);
});

it('a request that takes too long fails', async () => {
  answer = () => undefined;
  const client = createS3Client({ requestTimeout: 100, socketTimeout: 5_000, maxAttempts: 1 });
  await expect(client.send(head())).rejects.toMatchObject({ name: 'TimeoutError' });
}, 2_000);

it('a body that stops halfway fails', async () => {
  answer = (response) => {
    response.setHeader('content-length', 8);
    response.write('half');
  };
  const client = createS3Client({ requestTimeout: 100, maxAttempts: 1 });
  const { Body } = await client.send(get());
  await expect(Body?.transformToString()).rejects.toMatchObject({ name: 'TimeoutError' });
});
