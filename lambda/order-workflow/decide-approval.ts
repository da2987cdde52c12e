import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { createStatesClient } from '../shared/states-client';
import { closeRequest, getApproval, recordDecision } from './adapters/dynamodb-approvals';
import { recordMilestone } from './adapters/dynamodb-orders';
import { sendDecision } from './adapters/states-workflow';
import { orderIdSchema } from './order';
import { parseInput } from './step-input';

const settings = readEnvironment(
  z.object({ ORDERS_TABLE_NAME: z.string(), APPROVALS_TABLE_NAME: z.string() }),
  process.env,
);
const dynamodb = createDynamoDBClient();
const sfn = createStatesClient();

const requestSchema = z.strictObject({
  orderId: orderIdSchema,
  decision: z.enum(['approve', 'reject']),
  approver: z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/)),
  comment: z.optional(z.string().check(z.maxLength(1_000))),
});
type DecisionRequest = z.infer<typeof requestSchema>;

export type DecisionStatus = 'approved' | 'rejected' | 'already decided' | 'not found' | 'expired' | 'forbidden';

/** Receives an approver's decision. */
export const handler = async (
  event: unknown,
  context: Context,
): Promise<{ readonly orderId: string; readonly status: DecisionStatus }> => {
  logger.addContext(context);
  const request = parseInput(requestSchema, event);
  const { orderId, approver } = request;
  const now = (): Date => new Date();
  const status = await decide(request, now);
  if (status === 'approved' || status === 'rejected') {
    const orders = { client: dynamodb, tableName: settings.ORDERS_TABLE_NAME, now };
    const milestone = status === 'approved' ? 'approved' : 'approval refused';
    await recordMilestone(orders, orderId, milestone, { detail: `by ${approver}` });
  }
  logger.info('decision received', { orderId, status });
  return { orderId, status };
};

/**
 * Records the decision and passes it to the state machine, once.
 *
 * It is recorded before it is sent, so one of two concurrent approvers is first. A later call sends a decision that was recorded
 * but not sent, so a crash in between leaves no order waiting.
 */
async function decide(request: DecisionRequest, now: () => Date): Promise<DecisionStatus> {
  const { orderId, decision, approver, comment = '' } = request;
  const approvals = { client: dynamodb, tableName: settings.APPROVALS_TABLE_NAME };
  const approval = await getApproval(approvals, orderId);
  if (approval === undefined) return 'not found';
  if (approver === approval.customerId) return 'forbidden';
  const open = approval.decision === undefined;
  const first = open && (await recordDecision(approvals, orderId, { decision, approver, comment, at: now() }));
  const current = first ? { ...approval, decision, approver } : open ? await getApproval(approvals, orderId) : approval;
  if (current?.decision === undefined || current.settled === 'expired') return 'expired';
  if (current.settled === undefined && current.taskToken !== undefined) {
    const recorded = { decision: current.decision, approver: current.approver ?? approver };
    const delivered = await sendDecision({ client: sfn }, current.taskToken, recorded);
    if (delivered || first) await closeRequest(approvals, orderId, delivered ? 'delivered' : 'expired');
    // A second caller may find the token used because the first one has just sent its decision.
    if (!delivered && (first || now() > current.expiresAt)) return 'expired';
  }
  if (!first) return 'already decided';
  return decision === 'approve' ? 'approved' : 'rejected';
}
