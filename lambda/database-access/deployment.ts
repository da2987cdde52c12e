import * as z from 'zod/mini';

/** What CloudFormation asks of a custom resource, as far as it matters here. */
export const deploymentSchema = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.string(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.optional(z.string()),
});
export type Deployment = z.infer<typeof deploymentSchema>;

/** What `Migrate` has answered. */
export type Attempt =
  | { readonly outcome: 'migrated'; readonly version: number }
  /** The proxy has no capacity yet, or the database is away. */
  | { readonly outcome: 'unavailable'; readonly reason: string }
  | { readonly outcome: 'failed'; readonly reason: string };

export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

/** CloudFormation takes an answer of at most 4,096 bytes. */
const longestReason = 1_000;

/** Milliseconds between attempts: a new proxy takes minutes to reach its database. */
const pauseMilliseconds = 5_000;

export interface Clock {
  /** Milliseconds that are left for attempts. */
  remaining(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** Migrates, again and again while the database cannot be reached, and says how it ended in CloudFormation's words. */
export async function settle(deployment: Deployment, attempt: () => Promise<Attempt>, clock: Clock): Promise<Answer> {
  if (deployment.RequestType === 'Delete') return answer(deployment, 'SUCCESS', 'nothing to undo');
  for (;;) {
    const result = await attempt();
    if (result.outcome === 'migrated') return answer(deployment, 'SUCCESS', `schema version ${result.version}`);
    if (result.outcome === 'failed') return answer(deployment, 'FAILED', result.reason);
    if (clock.remaining() < pauseMilliseconds) {
      return answer(deployment, 'FAILED', `the database could not be reached in time: ${result.reason}`);
    }
    await clock.sleep(pauseMilliseconds);
  }
}

export function answer(deployment: Deployment, status: Answer['Status'], reason: string): Answer {
  const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = 'schema' } = deployment;
  const Reason = reason.slice(0, longestReason);
  return { Status: status, Reason, PhysicalResourceId, StackId, RequestId, LogicalResourceId };
}
