import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startS3Proxy } from '../../../../tools/permissions/mutation/s3-proxy';
import { issueCertificate } from '../../../../tools/local/certificate';
import { proxyFile } from '../../../../tools/local/faults/fault-folder';

const folder = mkdtempSync(join(tmpdir(), 's3-proxy-'));
const tls = issueCertificate(new Date());
const files = { certificate: join(folder, 'server.crt'), certificateKey: join(folder, 'server.key') };
const workspace = { ...files, faults: join(folder, 'faults') };
const file = proxyFile(workspace.faults, 'CopyObjects', 's3');
const received: string[] = [];
let emulator: Server;
let stopProxy: () => Promise<void>;
let s3: S3Client;

beforeAll(async () => {
  writeFileSync(files.certificate, tls.certificate);
  writeFileSync(files.certificateKey, tls.key);
  emulator = createServer({ cert: tls.certificate, key: tls.key }, (request, response) => {
    void text(request).then((body) => {
      received.push(`${request.method ?? ''} ${new URL(request.url ?? '', 'https://s3').pathname} ${body}`.trim());
      response.writeHead(request.url?.includes('missing') === true ? 404 : 200, { ETag: '"1"' }).end();
    });
  });
  await new Promise<void>((resolve) => emulator.listen(0, '127.0.0.1', resolve));
  const endpoint = `https://127.0.0.1:${(emulator.address() as AddressInfo).port}`;
  stopProxy = await startS3Proxy(workspace, endpoint, 'CopyObjects', { action: 's3:ListBucket', bucket: 'source' });
  s3 = new S3Client({
    endpoint: `https://127.0.0.1:${readFileSync(file, 'utf8')}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    forcePathStyle: true,
    requestHandler: { httpsAgent: new Agent({ ca: tls.certificate }) },
  });
});
afterEach(() => (received.length = 0));
afterAll(async () => {
  s3.destroy();
  emulator.closeAllConnections();
  await new Promise((resolve) => emulator.close(resolve));
  rmSync(folder, { recursive: true });
});

const statusOf = (call: Promise<unknown>): Promise<unknown> =>
  call.catch((thrown: unknown) => (thrown instanceof S3ServiceException ? thrown.$metadata.httpStatusCode : thrown));

it('a request that does not need the removed permission reaches the emulator unchanged', async () => {
  await s3.send(new PutObjectCommand({ Bucket: 'source', Key: 'a', Body: 'text' }));
  expect(received).toEqual([expect.stringMatching(/^PUT \/source\/a .*text/s)]);
});

it('without s3:ListBucket a missing object is answered 403, to HEAD without a body', async () => {
  expect(await statusOf(s3.send(new GetObjectCommand({ Bucket: 'source', Key: 'missing' })))).toBe(403);
  expect(await statusOf(s3.send(new HeadObjectCommand({ Bucket: 'source', Key: 'missing' })))).toBe(403);
  expect(await statusOf(s3.send(new HeadObjectCommand({ Bucket: 'other', Key: 'missing' })))).toBe(404);
});

it('once the proxy is stopped, functions call the emulator directly', async () => {
  await stopProxy();
  expect(existsSync(file)).toBe(false);
  expect(await statusOf(s3.send(new HeadObjectCommand({ Bucket: 'source', Key: 'a' })))).not.toBe(200);
  expect(received).toEqual([]);
});
