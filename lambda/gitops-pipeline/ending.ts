import type { State } from './run';

export type RunStatus =
  | 'running'
  | 'passed'
  | 'deployed'
  | 'superseded'
  | 'rejected'
  | 'failed'
  | 'rolled-back'
  | 'broken';

/** Errors that are decisions of people. */
const rejections = ['ApprovalRejected', 'ApprovalExpired'];

/**
 * Status in which a run ends.
 *
 * `rolled-back`: its deployment failed and the last good artifact runs. `broken`: a failed deployment was not rolled back.
 */
export function endingOf({ decision, rollback, failure }: State, wasDeploying: boolean): RunStatus {
  if (failure !== undefined) {
    if (rollback === true) return decision === 'deployed' ? 'rolled-back' : 'broken';
    if (rejections.includes(failure.Error)) return 'rejected';
    return wasDeploying ? 'broken' : 'failed';
  }
  if (decision === 'superseded') return 'superseded';
  return decision === 'deployed' ? 'deployed' : 'passed';
}

/** Whether the status needs somebody. */
export function isFailure(status: RunStatus): boolean {
  return status === 'failed' || status === 'rolled-back' || status === 'broken';
}

export interface Message {
  readonly subject: string;
  readonly message: string;
}

/** Message about a run's end. Names of branches are text of the pusher, so they are quoted, and never in the subject. */
export function messageOf(state: State, status: RunStatus, seconds: number): Message {
  const { run, artifact, failure } = state;
  const lines = [
    `Run: ${run.id}`,
    `Commit: ${run.commit}`,
    `Branch: ${JSON.stringify(run.branch)}`,
    `Pushed by: ${run.pusher ?? 'unknown'}`,
    `Environment: ${run.environment?.name ?? 'none'}`,
    `Artifact: ${artifact?.digest ?? 'none'}${state.rollback === true ? ' (the last good one)' : ''}`,
    `Duration: ${Math.round(seconds)} s`,
    ...(failure === undefined ? [] : [`Failure: ${failure.Error}: ${JSON.stringify(failure.Cause ?? '')}`]),
  ];
  return { subject: `Pipeline ${status}: ${run.id}`.slice(0, 100), message: lines.join('\n') };
}
