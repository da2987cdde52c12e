/** Record of an environment: who deploys to it, how often it was deployed to, and what runs in it. */
export interface EnvironmentRecord {
  /** Run that holds the lock. */
  readonly owner?: string;
  /** End of the lock, in seconds since 1970: later than any deployment of its owner can last. */
  readonly until?: number;
  /** Deployments begun so far. */
  readonly deployments: number;
}

export interface Claim {
  readonly runId: string;
  /** Deployments before the difference was made, which the approval is about. */
  readonly base: number;
  /** In seconds since 1970. */
  readonly now: number;
  /** Whether the run's commit is the head of its branch; runs that an operator started count as such. */
  readonly isHead: boolean;
}

/**
 * - `deploy`: the run has the lock
 * - `wait`: another run has it
 * - `compare`: another deployment has taken place since the difference was made: make it again, and have it approved again
 * - `superseded`: a newer commit is the head
 */
export type ClaimDecision = 'deploy' | 'wait' | 'compare' | 'superseded';

/**
 * Decides on a claim to deploy, given the environment's record.
 *
 * A run that has the lock keeps it, whatever was pushed since: a deployment is never superseded.
 */
export function decideClaim(record: EnvironmentRecord, claim: Claim): ClaimDecision {
  const isLocked = record.owner !== undefined && (record.until ?? 0) > claim.now;
  if (isLocked && record.owner === claim.runId) return 'deploy';
  if (!claim.isHead) return 'superseded';
  if (isLocked) return 'wait';
  return record.deployments === claim.base ? 'deploy' : 'compare';
}

/** Record after a decision to deploy. */
export function claimed(record: EnvironmentRecord, claim: Claim, lockSeconds: number): EnvironmentRecord {
  if (record.owner === claim.runId && (record.until ?? 0) > claim.now) return record;
  return { owner: claim.runId, until: claim.now + lockSeconds, deployments: record.deployments + 1 };
}
