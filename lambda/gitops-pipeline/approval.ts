import * as z from 'zod/mini';
import { digestSchema } from './run';

/** Request for an approval, as it is stored. */
export interface ApprovalRequest {
  readonly runId: string;
  readonly round: number;
  readonly digest: string;
  /** SHA-256 of the difference that the approver has seen. */
  readonly diffHash: string;
  /** In seconds since 1970. */
  readonly expiresAt: number;
  readonly pusher?: string;
  readonly decision?: string;
}

export const decisionSchema = z.strictObject({
  runId: z.string().check(z.maxLength(80)),
  round: z.int().check(z.nonnegative()),
  digest: digestSchema,
  diffHash: digestSchema,
  decision: z.enum(['approve', 'reject']),
});
export type Decision = z.infer<typeof decisionSchema>;

/** Reason for which a decision does not count, or `accepted`. */
export type Verdict =
  | 'accepted'
  | 'unknown request'
  | 'another artifact'
  | 'another difference'
  | 'already decided'
  | 'expired'
  | 'pusher unknown'
  | 'caller unknown'
  | 'own push';

/**
 * Checks a decision against its request and the caller that IAM has authenticated.
 *
 * Rejections need no second person. The time is checked here as well, since the state machine's own timeout comes later.
 */
export function checkDecision(
  request: ApprovalRequest | undefined,
  decision: Decision,
  caller: { readonly arn: string; readonly now: number },
): Verdict {
  if (request === undefined || request.runId !== decision.runId || request.round !== decision.round) {
    return 'unknown request';
  }
  if (request.digest !== decision.digest) return 'another artifact';
  if (request.diffHash !== decision.diffHash) return 'another difference';
  if (request.decision !== undefined) return 'already decided';
  if (caller.now >= request.expiresAt) return 'expired';
  if (decision.decision === 'reject') return 'accepted';
  const [pusher, approver] = [request.pusher, caller.arn].map((arn) => (arn === undefined ? undefined : personOf(arn)));
  if (pusher === undefined) return 'pusher unknown';
  if (approver === undefined) return 'caller unknown';
  return pusher === approver ? 'own push' : 'accepted';
}

/**
 * Person of an ARN: a session of a role is the role, since whoever assumes it chooses the session's name. A federated user is
 * nobody: the user who asks for the token chooses the name.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
 *
 * `arn:aws:sts::111111111111:assumed-role/Developer/alice` and the role's own ARN are the same.
 */
export function personOf(arn: string): string | undefined {
  const [, partition = '', service = '', , account = '', ...rest] = arn.split(':');
  const resource = rest.join(':');
  const [kind = '', ...names] = resource.split('/');
  if (service === 'sts' && kind === 'assumed-role') return `${partition}:${account}:role/${names[0] ?? ''}`;
  if (kind === 'federated-user') return undefined;
  // A role's ARN has its path; a session's has only the name, which is unique in the account.
  if (kind === 'role') return `${partition}:${account}:role/${names.at(-1) ?? ''}`;
  return `${partition}:${account}:${resource}`;
}
