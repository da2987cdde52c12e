import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleRuntimeClient } from '../../../../tools/local/bundle-runtime';
import { FakeRuntimeApi, startFunction, type RunningFunction } from './fake-runtime-api';

const client = join(mkdtempSync(join(tmpdir(), 'client-')), 'client.js');
let api: FakeRuntimeApi;
let running: RunningFunction | undefined;

beforeAll(() => bundleRuntimeClient(join(__dirname, '../../../..'), client));
beforeEach(async () => (api = await FakeRuntimeApi.start()));
afterEach(async () => {
  running?.process.kill('SIGKILL');
  await running?.exited;
  api.stop();
});

async function run(code: string, environment?: Record<string, string>): Promise<RunningFunction> {
  running = await startFunction(client, api, code, environment);
  return running;
}

test('a function answers one event after the other', async () => {
  await run('let count = 0; exports.handler = async (event) => ({ ...event, count: ++count });');
  api.send({ a: 1 });
  api.send({ a: 2 });
  expect(await api.received(2)).toEqual([
    { path: '/2018-06-01/runtime/invocation/request-1/response', body: { a: 1, count: 1 }, errorType: undefined },
    { path: '/2018-06-01/runtime/invocation/request-2/response', body: { a: 2, count: 2 }, errorType: undefined },
  ]);
});

test('the handler gets the request id, the remaining time and the trace id', async () => {
  await run(
    `exports.handler = async (_, c) => ({ id: c.awsRequestId, arn: c.invokedFunctionArn, left: c.getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID });`,
  );
  api.send({});
  const [response] = await api.received(1);
  const { left, ...rest } = (response?.body ?? {}) as { left: number };
  expect(rest).toEqual({
    id: 'request-1',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    trace: 'Root=1-trace',
  });
  expect(left).toBeGreaterThan(30_000);
  expect(left).toBeLessThanOrEqual(60_000);
});

test('an undefined result is null, and a result that cannot be JSON is an error', async () => {
  await run('exports.handler = async (event) => (event.big ? 1n : undefined);');
  api.send({});
  api.send({ big: true });
  const [nothing, big] = await api.received(2);
  expect(nothing?.body).toBeNull();
  expect(big).toMatchObject({ path: expect.stringMatching(/error$/) as unknown, errorType: 'Runtime.MarshalError' });
});

test('a thrown error is reported with name, message and stack, and the function continues', async () => {
  await run(
    `class PaymentDeclined extends Error { name = 'PaymentDeclined' }
     exports.handler = async (event) => { if (event.fail) throw new PaymentDeclined('no'); return 'fine'; };`,
  );
  api.send({ fail: true });
  api.send({});
  const [failed, fine] = await api.received(2);
  expect(failed).toMatchObject({
    path: '/2018-06-01/runtime/invocation/request-1/error',
    errorType: 'PaymentDeclined',
    body: {
      errorType: 'PaymentDeclined',
      errorMessage: 'no',
      trace: expect.arrayContaining([expect.stringContaining('index.js')]) as unknown,
    },
  });
  expect(fine?.body).toBe('fine');
});

test('a failure while loading is a failed init, and the process ends', async () => {
  const { exited } = await run("throw new RangeError('BUCKET is missing');");
  expect(await exited).toBe(1);
  expect(api.responses).toMatchObject([
    { path: '/2018-06-01/runtime/init/error', body: { errorType: 'RangeError', errorMessage: 'BUCKET is missing' } },
  ]);
});

test.each([
  ['a package that is not in the bundle', "require('no-such-package');", 'Runtime.ImportModuleError'],
  ['code that is no JavaScript', 'const = 1;', 'Runtime.UserCodeSyntaxError'],
])('%s is a failed init with the name that AWS gives it', async (_what, code, errorType) => {
  const { exited } = await run(code);
  expect(await exited).toBe(1);
  expect(api.responses[0]?.errorType).toBe(errorType);
});

test('a handler with a callback is a failed init', async () => {
  const { exited } = await run('exports.handler = (event, context, callback) => callback(null, 1);');
  expect(await exited).toBe(1);
  expect(api.responses[0]?.errorType).toBe('Runtime.CallbackHandlerDeprecated');
});

test('an unhandled rejection ends the invocation and the process', async () => {
  const { exited } = await run(
    `exports.handler = async () => { Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 60_000)); };`,
  );
  api.send({});
  expect(await exited).toBe(128);
  expect(api.responses).toMatchObject([
    {
      path: expect.stringMatching(/request-1\/error$/) as unknown,
      body: { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: lost' },
    },
  ]);
});

test('an error outside of the handler ends the invocation and the process', async () => {
  const { exited } = await run(
    `exports.handler = async () => { setTimeout(() => { throw new TypeError('late') }, 5); await new Promise((r) => setTimeout(r, 60_000)); };`,
  );
  api.send({});
  expect(await exited).toBe(129);
  expect(api.responses).toMatchObject([{ body: { errorType: 'TypeError', errorMessage: 'late' } }]);
});

test('with JSON logging console writes objects, and other output is unchanged', async () => {
  const { output } = await run(
    `exports.handler = async () => { console.debug('hidden'); console.warn({ key: 'a.jpg' }); process.stdout.write('{"own":1}\\n'); };`,
    { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'INFO' },
  );
  api.send({});
  await api.received(1);
  const [warning, own] = output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(warning).toMatchObject({ level: 'WARN', requestId: 'request-1', message: { key: 'a.jpg' } });
  expect(own).toEqual({ own: 1 });
});

test.each([
  ['success', '1'],
  ['error', `(() => { throw new Error('no') })()`],
])('each invocation ends with the report line of Lambda: %s', async (status, result) => {
  const { output } = await run(`exports.handler = async () => ${result};`, { AWS_LAMBDA_LOG_FORMAT: 'JSON' });
  api.send({});
  await api.received(1);
  const reports = output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type?: string })
    .filter(({ type }) => type === 'platform.report');
  expect(reports).toMatchObject([{ record: { requestId: 'request-1', status, metrics: { memorySizeMB: 128 } } }]);
});

test('a function exits when its Runtime API is gone', async () => {
  const { exited } = await run('exports.handler = async () => 1;');
  api.send({});
  await api.received(1);
  api.stop();
  expect(await exited).toBe(1);
});
