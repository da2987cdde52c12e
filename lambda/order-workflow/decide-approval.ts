import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { decide, decisionRequestSchema, type Answer } from './approval';
import { dynamodbApprovals } from './dynamodb-approvals';
import { connectToDynamodb, note } from './dynamodb-orders';
import { readEnvironment } from '../shared/environment';
import { connectToStates, deliverTo } from './states-workflow';
import { parseInput } from './step-input';

const settings = readEnvironment(
  z.object({ ORDERS_TABLE_NAME: z.string(), APPROVALS_TABLE_NAME: z.string() }),
  process.env,
);
const client = connectToDynamodb();
const deliver = deliverTo(connectToStates());
const logger = new Logger();

/** Takes an approver's decision. */
export const handler = async (
  event: unknown,
  context: Context,
): Promise<{ readonly orderId: string; readonly status: Answer }> => {
  logger.addContext(context);
  const request = parseInput(decisionRequestSchema, event);
  const { orderId, approver } = request;
  const now = (): Date => new Date();
  const approvals = dynamodbApprovals({ client, table: settings.APPROVALS_TABLE_NAME });
  const status = await decide(request, { approvals, deliver, now });
  if (status === 'approved' || status === 'rejected') {
    const orders = { client, table: settings.ORDERS_TABLE_NAME, now };
    const milestone = status === 'approved' ? 'approved' : 'approval refused';
    await note(orders, orderId, milestone, { detail: `by ${approver}` });
  }
  logger.info('decision received', { orderId, status });
  return { orderId, status };
};
