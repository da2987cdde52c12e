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
