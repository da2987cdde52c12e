import { isExecutionRunning } from '../../../../lambda/scheduled-backup/adapters/states-executions';

const answering = (answer: object | Error) => ({
  client: { send: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)) } as never,
});

it.each([
  ['RUNNING', true],
  ['PENDING_REDRIVE', true],
  ['SUCCEEDED', false],
  ['FAILED', false],
  ['TIMED_OUT', false],
  ['ABORTED', false],
])('an execution that is %s is running: %s', async (status, running) => {
  expect(await isExecutionRunning(answering({ status }), 'arn')).toBe(running);
});

it('an execution that Step Functions no longer knows is not running', async () => {
  const forgotten = Object.assign(new Error('no'), { name: 'ExecutionDoesNotExist' });
  expect(await isExecutionRunning(answering(forgotten), 'arn')).toBe(false);
});

it('an error of Step Functions is passed on, so that no run takes the lock', async () => {
  const refused = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  await expect(isExecutionRunning(answering(refused), 'arn')).rejects.toThrow('no');
});
