import { runExecution, type Progress } from '../../../operations/scheduled-backup/run-execution';

/** Client whose execution runs for a number of polls and finishes a part at each. */
function clientOf(polls: number, ending: object) {
  const sent: string[] = [];
  let polled = 0;
  let stopped = false;
  const answers: Record<string, () => object> = {
    StartExecutionCommand: () => ({ executionArn: 'arn' }),
    DescribeExecutionCommand: () => {
      if (stopped) return { status: 'ABORTED', cause: 'stopped' };
      return polled++ < polls ? { status: 'RUNNING' } : ending;
    },
    ListMapRunsCommand: () => ({ mapRuns: polled > 1 ? [{ mapRunArn: 'map' }] : [] }),
    DescribeMapRunCommand: () => ({ itemCounts: { succeeded: Math.min(polled - 1, 2), failed: 0, total: 2 } }),
    StopExecutionCommand: () => {
      stopped = true;
      return {};
    },
  };
  const send = async (command: object): Promise<object> => {
    sent.push(command.constructor.name);
    return answers[command.constructor.name]!();
  };
  return { client: { send } as never, sent };
}

const sleep = async (): Promise<void> => undefined;

it('waits for the end of an execution, and reports its progress when it changes', async () => {
  const progress: Progress[] = [];
  const fake = clientOf(5, { status: 'SUCCEEDED', output: '{}' });
  const end = await runExecution({
    client: fake.client,
    stateMachineArn: 'machine',
    input: {},
    sleep,
    onProgress: (one) => progress.push(one),
  });
  expect(end).toEqual({ status: 'SUCCEEDED', output: '{}' });
  expect(progress).toEqual([
    { done: 1, failed: 0, total: 2 },
    { done: 2, failed: 0, total: 2 },
  ]);
});

it('stops the execution once on a signal, and still waits for its end', async () => {
  const fake = clientOf(100, {});
  const end = await runExecution({
    client: fake.client,
    stateMachineArn: 'machine',
    input: {},
    sleep,
    onProgress: () => undefined,
    signal: AbortSignal.abort(),
  });
  expect(end).toMatchObject({ status: 'ABORTED' });
  expect(fake.sent.filter((name) => name === 'StopExecutionCommand')).toHaveLength(1);
});
