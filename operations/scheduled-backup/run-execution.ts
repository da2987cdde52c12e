import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListMapRunsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';

export interface RunOptions {
  readonly client: Pick<SFNClient, 'send'>;
  readonly stateMachineArn: string;
  readonly input: object;
  /** Called each time the progress changes. */
  readonly onProgress: (progress: Progress) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Stops the execution. */
  readonly signal?: AbortSignal;
}

/** Numbers of manifest parts. */
export interface Progress {
  readonly done: number;
  readonly failed: number;
  readonly total: number;
}

export interface ExecutionEnd {
  readonly status: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

const pollMilliseconds = 2_000;

/** Starts an execution and waits for its end; the signal stops it. */
export async function runExecution(options: RunOptions): Promise<ExecutionEnd> {
  const { client, stateMachineArn, input, onProgress, sleep, signal } = options;
  const { executionArn } = await client.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  let shown = '';
  let stopped = false;
  for (;;) {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    const { status = 'UNKNOWN', output, error, cause } = execution;
    if (status !== 'RUNNING') {
      return {
        status,
        ...(output === undefined ? {} : { output }),
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
      };
    }
    if (signal?.aborted === true && !stopped) {
      stopped = true;
      await client.send(
        new StopExecutionCommand({ executionArn, cause: 'stopped by npm run ops -- scheduled-backup restore' }),
      );
      continue;
    }
    const progress = await progressOf(client, executionArn ?? '');
    if (progress !== undefined && JSON.stringify(progress) !== shown) {
      shown = JSON.stringify(progress);
      onProgress(progress);
    }
    await sleep(pollMilliseconds);
  }
}

async function progressOf(client: Pick<SFNClient, 'send'>, executionArn: string): Promise<Progress | undefined> {
  const { mapRuns = [] } = await client.send(new ListMapRunsCommand({ executionArn }));
  const [newest] = mapRuns;
  if (newest === undefined) return undefined;
  const { itemCounts } = await client.send(new DescribeMapRunCommand({ mapRunArn: newest.mapRunArn }));
  if (itemCounts === undefined) return undefined;
  const { succeeded = 0, failed = 0, total = 0 } = itemCounts;
  return { done: succeeded, failed, total };
}
