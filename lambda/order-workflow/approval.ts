import * as z from 'zod/mini';
import { orderIdSchema } from './order';

export const decisionRequestSchema = z.strictObject({
  orderId: orderIdSchema,
  decision: z.enum(['approve', 'reject']),
  approver: z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/)),
  comment: z.optional(z.string().check(z.maxLength(1_000))),
});
export type DecisionRequest = z.infer<typeof decisionRequestSchema>;
export type Decision = DecisionRequest['decision'];

export interface Approval {
  readonly customerId: string;
  readonly expiresAt: Date;
  readonly decision?: Decision;
  readonly approver?: string;
  /** Absent once the state machine has been answered. */
  readonly taskToken?: string;
  readonly settled?: 'delivered' | 'expired';
}

/** Where requests for approval are kept. */
export interface Approvals {
  get(orderId: string): Promise<Approval | undefined>;
  /** Writes the decision down if there is none yet and it is not too late; false where it is. */
  decide(orderId: string, decision: Decision, approver: string, comment: string, at: Date): Promise<boolean>;
  /** Forgets the token once the state machine has taken the decision, or waits for it no more. */
  settle(orderId: string, outcome: 'delivered' | 'expired'): Promise<void>;
}

/** Hands a decision to the state machine; false where it waits for it no more. */
export type Deliver = (taskToken: string, decision: Decision, approver: string) => Promise<boolean>;

export type Answer = 'approved' | 'rejected' | 'already decided' | 'not found' | 'expired' | 'forbidden';

/**
 * Decides once.
 *
 * The decision is written before the state machine is told, so of two approvers one is first. Whoever comes again delivers
 * a decision that was written and not delivered, so that a crash in between leaves no order waiting.
 */
export async function decide(
  request: DecisionRequest,
  { approvals, deliver, now }: { approvals: Approvals; deliver: Deliver; now: () => Date },
): Promise<Answer> {
  const { orderId, decision, approver, comment = '' } = request;
  const approval = await approvals.get(orderId);
  if (approval === undefined) return 'not found';
  if (approver === approval.customerId) return 'forbidden';
  const open = approval.decision === undefined;
  const first = open && (await approvals.decide(orderId, decision, approver, comment, now()));
  const current = first ? { ...approval, decision, approver } : open ? await approvals.get(orderId) : approval;
  if (current?.decision === undefined || current.settled === 'expired') return 'expired';
  if (current.settled === undefined && current.taskToken !== undefined) {
    const delivered = await deliver(current.taskToken, current.decision, current.approver ?? approver);
    if (delivered || first) await approvals.settle(orderId, delivered ? 'delivered' : 'expired');
    // Whoever comes second may have been overtaken by the first on the way to the state machine.
    if (!delivered && (first || now() > current.expiresAt)) return 'expired';
  }
  if (!first) return 'already decided';
  return decision === 'approve' ? 'approved' : 'rejected';
}
