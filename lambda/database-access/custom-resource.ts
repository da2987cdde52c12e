import * as z from 'zod/mini';
import { customResourceRequest, longestReason, type CustomResourceResponse } from '../shared/custom-resource';
import { wholeNumber } from '../shared/environment';

export const customResourceRequestSchema = customResourceRequest(
  z.object({
    /** Log groups that RDS writes. */
    LogGroupNames: z.array(z.string()),
    /** CloudFormation hands numbers over as strings. */
    LogRetentionDays: wholeNumber,
  }),
);
export type CustomResourceRequest = z.infer<typeof customResourceRequestSchema>;

/** Outcome of one attempt to prepare the database. */
export type MigrateOutcome =
  | { readonly outcome: 'migrated'; readonly version: number }
  /** Passes: the proxy has no capacity yet, the database is down, or a permission is not known yet. */
  | { readonly outcome: 'unavailable'; readonly reason: string }
  | { readonly outcome: 'failed'; readonly reason: string };

/** Milliseconds between attempts: a new proxy takes minutes to reach its database. */
const pauseMilliseconds = 5_000;

export interface Clock {
  /** Returns the milliseconds left for attempts. */
  remaining(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** Repeats an attempt until it succeeds, fails permanently, or time runs out, and returns CloudFormation's response. */
export async function migrateForDeployment(
  request: CustomResourceRequest,
  attempt: () => Promise<MigrateOutcome>,
  clock: Clock,
): Promise<CustomResourceResponse> {
  if (request.RequestType === 'Delete') return respond(request, 'SUCCESS', 'nothing to undo');
  for (;;) {
    const result = await attempt();
    if (result.outcome === 'migrated') return respond(request, 'SUCCESS', `schema version ${result.version}`);
    if (result.outcome === 'failed') return respond(request, 'FAILED', result.reason);
    if (clock.remaining() < pauseMilliseconds) {
      return respond(request, 'FAILED', `the database could not be reached in time: ${result.reason}`);
    }
    await clock.sleep(pauseMilliseconds);
  }
}

export function respond(
  request: CustomResourceRequest,
  status: CustomResourceResponse['Status'],
  reason: string,
): CustomResourceResponse {
  const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = 'schema' } = request;
  const Reason = reason.slice(0, longestReason);
  return { Status: status, Reason, PhysicalResourceId, StackId, RequestId, LogicalResourceId };
}
