import type { TaskResult } from './adapters/states-tasks';

/** Result of the task that waits for a decision. */
export function decisionResult(decision: string): TaskResult {
  return decision === 'approve'
    ? { output: { approved: true } }
    : { error: 'ApprovalRejected', cause: 'the deployment was rejected' };
}
