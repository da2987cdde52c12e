import { followExecution, type Progress } from '../../../operations/scheduled-backup/follow-execution';

/** A client whose execution runs for so many looks, with a part done at each. */
function client(looks: number, ending: object) {
  const sent: string[] = [];
  let looked = 0;
  let stopped = false;
  const answers: Record<string, () => object> = {
    StartExecutionCommand: () => ({ executionArn: 'arn' }),
    DescribeExecutionCommand: () => {
      if (stopped) return { status: 'ABORTED', cause: 'stopped' };
      return looked++ < looks ? { status: 'RUNNING' } : ending;
    },
    ListMapRunsCommand: () => ({ mapRuns: looked > 1 ? [{ mapRunArn: 'map' }] : [] }),
    DescribeMapRunCommand: () => ({ itemCounts: { succeeded: Math.min(looked - 1, 2), failed: 0, total: 2 } }),
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

it('an execution is followed to its end, and its progress told where it changes', async () => {
  const progress: Progress[] = [];
  const fake = client(5, { status: 'SUCCEEDED', output: '{}' });
  const ended = await followExecution({
    client: fake.client,
    stateMachineArn: 'machine',
    input: {},
    sleep,
    onProgress: (one) => progress.push(one),
  });
  expect(ended).toEqual({ status: 'SUCCEEDED', output: '{}' });
  expect(progress).toEqual([
    { done: 1, failed: 0, all: 2 },
    { done: 2, failed: 0, all: 2 },
  ]);
});

it('a signal stops the execution once, and its end is still awaited', async () => {
  const fake = client(100, {});
  const ended = await followExecution({
    client: fake.client,
    stateMachineArn: 'machine',
    input: {},
    sleep,
    onProgress: () => undefined,
    signal: AbortSignal.abort(),
  });
  expect(ended).toMatchObject({ status: 'ABORTED' });
  expect(fake.sent.filter((name) => name === 'StopExecutionCommand')).toHaveLength(1);
});
