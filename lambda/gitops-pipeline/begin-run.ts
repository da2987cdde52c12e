import type { RunsTable } from './adapters/dynamodb-items';
import { addPusher, markStarted, recordRun } from './adapters/dynamodb-runs';
import { startExecution, type TasksClient } from './adapters/states-tasks';
import type { Run } from './run';

export interface RunStarter {
  readonly table: RunsTable;
  readonly sfn: TasksClient;
  readonly stateMachineArn: string;
}

/**
 * Records a run and starts its execution, unless there is one; returns whether this call did.
 *
 * A later call continues one that was cut off: the execution has the run's name.
 */
export async function beginRun({ table, sfn, stateMachineArn }: RunStarter, run: Run, now: Date): Promise<boolean> {
  const stored = await recordRun(table, run, now.toISOString());
  // The sweep was quicker than the event, and does not know who pushed.
  if (stored.run.pusher === undefined && run.pusher !== undefined) await addPusher(table, stored.run, run.pusher);
  if (stored.status !== 'starting') return false;
  await startExecution(sfn, stateMachineArn, stored.run);
  await markStarted(table, run.id);
  return true;
}
