import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { countExpectedErrors } from '../shared/expected-errors';
import { logger } from '../shared/observability';
import { InvalidInputError, parseInput } from '../shared/parse-input';
import { createStatesClient } from '../shared/states-client';
import { closeRequest, getApproval, recordDecision } from './adapters/dynamodb-approvals';
import { recordMilestone } from './adapters/dynamodb-orders';
import { sendDecision } from './adapters/states-workflow';
import { orderIdSchema } from './order';

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

interface DecisionReceipt {
  readonly orderId: string;
  readonly status: DecisionStatus;
}

const isInvalid = (error: unknown): boolean => error instanceof InvalidInputError;

/** Receives an approver's decision. */
export const handler = countExpectedErrors(isInvalid, async (event, context): Promise<DecisionReceipt> => {
  logger.addContext(context);
  const request = parseInput(requestSchema, event);
  const { orderId, approver } = request;
  const now = (): Date => new Date();
  const { status, delivered } = await decide(request, now);
  if (status !== 'approved' && status !== 'rejected') {
    logger.info('decision received', { orderId, status });
    return { orderId, status };
  }
  const orders = { client: dynamodb, tableName: settings.ORDERS_TABLE_NAME, now };
  const milestone = status === 'approved' ? 'approved' : 'approval refused';
  // Not delivered, it counts once the execution is restarted or redriven, but only if the order has not ended otherwise.
  const options = { detail: `by ${approver}`, unlessEnded: !delivered };
  const recorded = await recordMilestone(orders, orderId, milestone, options);
  logger.info('decision received', { orderId, status, delivered, recorded });
  return { orderId, status: recorded ? status : 'expired' };
});

/**
 * Records the decision and passes it to the state machine, once.
 *
 * It is recorded before it is sent, so one of two concurrent approvers is first. A later call sends a decision that was recorded
 * but not sent, so a crash in between leaves no order waiting.
 *
 * @returns `delivered` is false if no execution waits: it was stopped or has failed, and a later one takes up the decision
 */
async function decide(
  request: DecisionRequest,
  now: () => Date,
): Promise<{ readonly status: DecisionStatus; readonly delivered: boolean }> {
  const { orderId, decision, approver, comment = '' } = request;
  const approvals = { client: dynamodb, tableName: settings.APPROVALS_TABLE_NAME };
  const approval = await getApproval(approvals, orderId);
  if (approval === undefined) return { status: 'not found', delivered: false };
  if (approver === approval.customerId) return { status: 'forbidden', delivered: false };
  const open = approval.decision === undefined;
  const first = open && (await recordDecision(approvals, orderId, { decision, approver, comment, at: now() }));
  const current = first ? { ...approval, decision, approver } : open ? await getApproval(approvals, orderId) : approval;
  if (current?.decision === undefined) return { status: 'expired', delivered: false };
  let delivered = false;
  if (current.settled === undefined && current.taskToken !== undefined) {
    const recorded = { decision: current.decision, approver: current.approver ?? approver };
    delivered = await sendDecision({ client: sfn }, current.taskToken, recorded);
    if (delivered) await closeRequest(approvals, orderId);
  }
  if (!first) return { status: 'already decided', delivered };
  return { status: decision === 'approve' ? 'approved' : 'rejected', delivered };
}
