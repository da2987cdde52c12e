import { checkSignature, contextOf, invoke } from '../../../../tools/local/runtime/invoke';

const node24 = 'AWS_Lambda_nodejs24.x';
const node22 = 'AWS_Lambda_nodejs22.x';
type Callback = (error: unknown, result?: unknown) => void;

test('a promise and a plain value are both results', async () => {
  expect(await invoke((event) => Promise.resolve(event), 1, {}, node24)).toBe(1);
  expect(await invoke((event) => event, 2, {}, node24)).toBe(2);
});

test('a rejection and a throw are both failures', async () => {
  await expect(invoke(() => Promise.reject(new RangeError('a')), 1, {}, node24)).rejects.toThrow('a');
  const throws = (): never => {
    throw new RangeError('b');
  };
  await expect(invoke(throws, 1, {}, node24)).rejects.toThrow('b');
});

test('a handler with a callback is refused from Node.js 24 on, as on AWS', () => {
  const handler = (_event: unknown, _context: object, callback: unknown): void => (callback as Callback)(null);
  expect(() => checkSignature(handler, node24)).toThrow(/callback/);
  expect(() => checkSignature(handler, undefined)).toThrow(/callback/);
  expect(() => checkSignature(handler, node22)).not.toThrow();
  expect(() => checkSignature((event) => event, node24)).not.toThrow();
});

test('before Node.js 24 a callback may return a result or an error', async () => {
  const answers = (event: unknown, _context: object, callback: unknown): void => (callback as Callback)(null, event);
  const fails = (_event: unknown, _context: object, callback: unknown): void => (callback as Callback)(new Error('no'));
  expect(await invoke(answers, 3, {}, node22)).toBe(3);
  await expect(invoke(fails, 3, {}, node22)).rejects.toThrow('no');
});

test('the context has the function, the request id and the remaining time', () => {
  const invocation = {
    requestId: 'r-1',
    deadlineMilliseconds: 10_000,
    functionArn: 'arn:f',
    traceId: undefined,
    clientContext: '{"custom":1}',
    identity: '',
    event: '{}',
  };
  const environment = { AWS_LAMBDA_FUNCTION_NAME: 'f', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512' };
  const context = contextOf(invocation, environment, () => 7_500) as { getRemainingTimeInMillis(): number };
  expect(context.getRemainingTimeInMillis()).toBe(2_500);
  expect(context).toMatchObject({
    awsRequestId: 'r-1',
    invokedFunctionArn: 'arn:f',
    functionName: 'f',
    memoryLimitInMB: '512',
    clientContext: { custom: 1 },
    identity: undefined,
  });
});
