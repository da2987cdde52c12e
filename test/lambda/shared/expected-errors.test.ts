import type { Context } from 'aws-lambda';
import { countExpectedErrors } from '../../../lambda/shared/expected-errors';
import { captureOutput, type CapturedOutput } from '../../fakes/captured-output';
import { lambdaContext, loadHandler } from '../../fakes/load-handler';

let output: CapturedOutput;
beforeEach(() => (output = captureOutput()));
afterEach(() => jest.restoreAllMocks());

const counted = () => output.lines().filter((line) => 'ExpectedErrors' in line);

const failing = (error: Error) =>
  countExpectedErrors(
    (thrown) => thrown instanceof RangeError,
    () => Promise.reject(error),
  )({}, { functionName: 'work' } as Context);

it('counts an expected error under the function that throws it', async () => {
  const error = new RangeError('too far');
  await expect(failing(error)).rejects.toBe(error);
  expect(counted()).toMatchObject([{ FunctionName: 'work', ExpectedErrors: 1 }]);
  expect(counted()[0]?.['_aws']).toMatchObject({ CloudWatchMetrics: [{ Dimensions: [['service', 'FunctionName']] }] });
});

it('counts no other error, and no result', async () => {
  const error = new TypeError('a defect');
  await expect(failing(error)).rejects.toBe(error);
  const working = countExpectedErrors(
    () => true,
    () => Promise.resolve(7),
  );
  expect(await working({}, {} as Context)).toBe(7);
  expect(counted()).toEqual([]);
});

const database = {
  DATABASE_ENGINE: 'postgres',
  DATABASE_USER: 'owner',
  DATABASE_PORT: '9',
  PROXY_ENDPOINT: '127.0.0.1',
  QUERY_TIMEOUT_MILLISECONDS: '1000',
};
const malformed = { nonsense: true };

it.each([
  ['database-access/data-processor', database, 'UnusableRequest'],
  ['order-workflow/receive-order', { ORDERS_TABLE_NAME: 'o', ORDER_STATE_MACHINE_ARN: 'm' }, 'InvalidOrderError'],
  ['order-workflow/decide-approval', { ORDERS_TABLE_NAME: 'o', APPROVALS_TABLE_NAME: 'a' }, 'InvalidInputError'],
  [
    'queue-processor/redrive-dead-letters',
    { ORDERS_QUEUE_URL: 'o', DEAD_LETTER_QUEUE_URL: 'd', FAILURE_REASONS_TABLE_NAME: 'f' },
    'UnusableRequest',
  ],
])('%s answers what its alarm leaves out, and counts it', async (file, environment, name) => {
  const handler = loadHandler(file, environment);
  await expect(handler(malformed, lambdaContext())).rejects.toMatchObject({ name });
  expect(counted()).toMatchObject([{ FunctionName: 'function', ExpectedErrors: 1 }]);
});
