import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProcesses } from '../../../../tools/local/child-processes';
import { signalFirst, signalNextTask, type LocalTask } from '../../../../tools/local/tasks/task-signals';

const children = new ChildProcesses('run-1', () => undefined);
const tasks = new Map<string, LocalTask>();
afterEach(() => tasks.clear());
afterAll(() => children.endAll());

/** Starts a task that runs a shell script in its folder. */
function start(arn: string, script: string): LocalTask {
  const folder = mkdtempSync(join(tmpdir(), 'task-'));
  const command = children.start({
    ...{ what: arn, file: 'sh', arguments: ['-c', script], folder, log: join(folder, 'log') },
    environment: { PATH: process.env['PATH'] },
  });
  const task = { command, folder };
  tasks.set(arn, task);
  return task;
}

test('kills the next task at its moment, with the processes that it has started', async () => {
  const earlier = start('earlier', 'sleep 60');
  const signaled = signalNextTask(tasks, 'SIGKILL', 'moment');
  const { command } = start('next', 'sleep 0.1; touch moment; sleep 60');
  expect(await signaled).toBe(true);
  expect(await command.ended).toBe(128);
  signalFirst(earlier.command, 'SIGTERM');
  expect(await earlier.command.ended).toBe(128);
});

test('lets a task handle SIGTERM', async () => {
  const signaled = signalNextTask(tasks, 'SIGTERM', 'moment');
  const { command } = start('next', 'trap "exit 7" TERM; touch moment; while :; do sleep 0.01; done');
  expect(await signaled).toBe(true);
  expect(await command.ended).toBe(7);
});

test('stops a task until somebody ends it', async () => {
  const signaled = signalNextTask(tasks, 'SIGSTOP', 'moment');
  const { command } = start('next', 'touch moment; while :; do sleep 0.01; done');
  const isEnded = await Promise.race([signaled, new Promise((resolve) => setTimeout(resolve, 200, 'stopped'))]);
  expect(isEnded).toBe('stopped');
  signalFirst(command, 'SIGKILL');
  expect(await signaled).toBe(true);
});

test('says so if the task ended before its moment', async () => {
  const signaled = signalNextTask(tasks, 'SIGKILL', 'moment');
  start('next', 'exit 0');
  expect(await signaled).toBe(false);
});

test('fails if no task starts in time', async () => {
  await expect(signalNextTask(tasks, 'SIGKILL', 'moment', 0.02)).rejects.toThrow(
    'timed out after 0.02 s waiting for a task to start (SIGKILL)',
  );
});
