import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleRuntimeClient } from '../../../../tools/local/bundle-runtime';
import { issueCertificate } from '../../../../tools/local/certificate';
import { faultFolderVariable, proxyFile, workingFolder } from '../../../../tools/local/faults/fault-folder';
import { serviceOf } from '../../../../tools/local/runtime/faults';
import { FakeRuntimeApi, startFunction, type RunningFunction } from './fake-runtime-api';

const temporary = mkdtempSync(join(tmpdir(), 'client-faults-'));
const client = join(temporary, 'client.js');
const folder = join(temporary, 'faults');
const working = workingFolder(folder, 'f');
const authorization =
  'AWS4-HMAC-SHA256 Credential=AKID/20261121/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';
let api: FakeRuntimeApi;
let running: RunningFunction | undefined;

beforeAll(() => bundleRuntimeClient(join(__dirname, '../../../..'), client));
beforeEach(async () => (api = await FakeRuntimeApi.start()));
afterEach(async () => {
  running?.process.kill('SIGKILL');
  await running?.exited;
  api.stop();
});

async function run(code: string, environment: Record<string, string> = {}): Promise<void> {
  running = await startFunction(client, api, code, { [faultFolderVariable]: folder, ...environment });
}

test('a function is marked as active during an invocation only', async () => {
  await run(
    `const { readdirSync } = require('node:fs');
     exports.handler = async () => ({ pid: String(process.pid), working: readdirSync(${JSON.stringify(working)}) });`,
  );
  api.send({});
  const [response] = await api.received(1);
  const { pid, working: during } = (response?.body ?? {}) as { pid: string; working: string[] };
  expect(during).toEqual([pid]);
  api.send({});
  await api.received(2);
  // The next invocation begins after the sign of the last one is gone; what is there belongs to none or to this one.
  while (readdirSync(working).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(readdirSync(working)).toEqual([]);
});

test('the handler does not see the variable', async () => {
  await run(`exports.handler = async () => Object.keys(process.env).includes('${faultFolderVariable}');`);
  api.send({});
  expect((await api.received(1))[0]?.body).toBe(false);
});

test('calls to a service go to its proxy while its file exists', async () => {
  const { certificate, key } = issueCertificate(new Date());
  writeFileSync(join(temporary, 'server.crt'), certificate);
  const serve = async (answer: string) => {
    const server = createServer({ cert: certificate, key }, (_request, response) => response.end(answer));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { port: (server.address() as AddressInfo).port, stop: () => server.close() };
  };
  const [service, proxy] = [await serve('service'), await serve('proxy')];
  const file = proxyFile(folder, 'f', 'dynamodb');
  mkdirSync(join(folder, 'f'), { recursive: true });
  writeFileSync(file, String(proxy.port));
  await run(
    `const https = require('node:https');
     exports.handler = (headers) => new Promise((resolve, reject) => {
       https.request({ host: '127.0.0.1', port: ${service.port}, agent: false, headers }, (response) => {
         response.on('data', (data) => resolve(String(data)));
       }).on('error', reject).end();
     });`,
    { NODE_EXTRA_CA_CERTS: join(temporary, 'server.crt') },
  );
  api.send({ authorization });
  api.send({ authorization: authorization.replace('dynamodb', 's3') });
  api.send({});
  await api.received(3);
  rmSync(file);
  expect(existsSync(file)).toBe(false);
  api.send({ authorization });
  expect((await api.received(4)).map(({ body }) => body)).toEqual(['proxy', 'service', 'service', 'service']);
  service.stop();
  proxy.stop();
});

test('the service of a request is read from its signature', () => {
  expect(serviceOf({ headers: { authorization } })).toBe('dynamodb');
  for (const other of [undefined, 'https://127.0.0.1', new URL('https://127.0.0.1'), {}, { headers: {} }]) {
    expect(serviceOf(other)).toBeUndefined();
  }
});
