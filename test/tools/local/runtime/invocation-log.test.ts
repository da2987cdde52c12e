import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultFolderVariable } from '../../../../tools/local/faults/fault-folder';
import { invocationsFolder, type InvocationEvent } from '../../../../tools/local/invocations/events';
import { InvocationLog } from '../../../../tools/local/runtime/invocation-log';

const folder = mkdtempSync(join(tmpdir(), 'invocation-log-'));
const original = process.stdout.write.bind(process.stdout);
let log: InvocationLog;
let seen = 0;

beforeAll(() => {
  process.stdout.write = () => true;
  log = new InvocationLog({ [faultFolderVariable]: folder, AWS_LAMBDA_FUNCTION_NAME: 'fn' });
});
afterAll(() => {
  process.stdout.write = original;
});

function begin(event: unknown): void {
  const invocation = {
    requestId: 'r',
    deadlineMilliseconds: Date.now() + 1_000,
    functionArn: '',
    event: JSON.stringify(event),
  };
  log.begin({ ...invocation, traceId: undefined, clientContext: undefined, identity: undefined });
}

/** Events since the last call. */
function events(): InvocationEvent[] {
  const file = join(invocationsFolder(folder, 'fn'), `${process.pid}.jsonl`);
  const all = readFileSync(file, 'utf8').trim().split('\n');
  const fresh = all.slice(seen).map((line) => JSON.parse(line) as InvocationEvent);
  seen = all.length;
  return fresh;
}

test.each([
  [
    { Records: [{ eventSource: 'aws:sqs', attributes: { ApproximateReceiveCount: '2' } }] },
    { kind: 'sqs', receiveCount: 2 },
  ],
  [
    { Records: [{ eventSource: 'aws:s3', eventTime: '2026-01-02T03:04:05.006Z' }] },
    { kind: 'async', sent: Date.UTC(2026, 0, 2, 3, 4, 5, 6) },
  ],
  [{ 'detail-type': 'OrderPlaced', time: '2026-01-02T03:04:05Z' }, { sent: Date.UTC(2026, 0, 2, 3, 4, 5) }],
  [
    {
      Records: ['7', '9', '8'].map((SentTimestamp) => ({
        eventSource: 'aws:sqs',
        attributes: { ApproximateReceiveCount: '1', SentTimestamp },
      })),
    },
    { kind: 'sqs', sent: 9 },
  ],
  [{ Records: [{ eventSource: 'aws:s3' }] }, { kind: 'async' }],
  [{ Records: [{ EventSource: 'aws:sns' }] }, { kind: 'async' }],
  [{ 'detail-type': 'OrderPlaced' }, { kind: 'async' }],
  [{ orderId: 'o-1' }, { kind: 'direct' }],
  [null, { kind: 'direct' }],
])('the trigger of %j is recorded', (event, trigger) => {
  begin(event);
  log.succeed('null');
  expect(events()).toMatchObject([{ event: 'begin', trigger }, { event: 'end' }]);
});

test('an error has the position of its first frame in the own code of the architecture', () => {
  begin({});
  const error = new TypeError('x is not a function');
  error.stack =
    'TypeError: x\n at a (/tmp/f/lambda/shared/deadline.ts:7:1)\n at b (/tmp/f/lambda/photos/resize.ts:24:9)';
  process.stdout.write('a line\n');
  log.fail(error);
  const at = 'lambda/photos/resize.ts:24';
  expect(events()[1]).toMatchObject({
    error: { type: 'TypeError', message: 'x is not a function', at },
    lines: ['a line'],
  });
});

test('failed batch items are a failure only with a logged error', () => {
  const response = '{"batchItemFailures":[{"itemIdentifier":"m-1"}]}';
  begin({});
  log.succeed(response);
  expect(events()[1]).not.toHaveProperty('error');
  begin({});
  process.stdout.write(
    `${JSON.stringify({ level: 'WARN', message: 'm', errorName: 'Poison', errorMessage: 'no order' })}\n`,
  );
  log.succeed(response);
  expect(events()[1]).toMatchObject({ error: { type: 'Poison', message: 'no order' } });
});

test('a denied call and a failed initialization are recorded', () => {
  log.denied({ service: 's3', operation: 'GetObject', resources: ['photos'] });
  log.failInit(new Error('no module'));
  expect(events()).toMatchObject([{ event: 'denied' }, { event: 'init-failed', error: { message: 'no module' } }]);
});
