import { isRunning } from '../../../lambda/scheduled-backup/states-executions';

const answering = (answer: object | Error) => ({
  send: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)),
});

it.each([
  ['RUNNING', true],
  ['PENDING_REDRIVE', true],
  ['SUCCEEDED', false],
  ['FAILED', false],
  ['TIMED_OUT', false],
  ['ABORTED', false],
])('an execution that is %s is under way: %s', async (status, running) => {
  expect(await isRunning(answering({ status }) as never, 'arn')).toBe(running);
});

it('an execution that was forgotten is not under way', async () => {
  const forgotten = Object.assign(new Error('no'), { name: 'ExecutionDoesNotExist' });
  expect(await isRunning(answering(forgotten) as never, 'arn')).toBe(false);
});

it('where it cannot be known nobody takes over', async () => {
  const refused = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  await expect(isRunning(answering(refused) as never, 'arn')).rejects.toThrow('no');
});
