import type { Context, SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { parseInput } from '../shared/parse-input';
import { markNotNotified, setStatus } from './adapters/dynamodb-order-states';
import { stepSchema, type Step } from './step-input';

const { ORDERS_TABLE_NAME: tableName } = readEnvironment(z.object({ ORDERS_TABLE_NAME: z.string() }), process.env);
const client = createDynamoDBClient();

const eventSchema = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

/**
 * Fields of the event that Step Functions sends when an execution ends.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
const bodySchema = z.object({
  detail: z.object({ status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']), input: z.string() }),
});

/**
 * Marks orders as `needs-attention` whose execution ended before they reached a terminal state, and those in a terminal state
 * whose customer was not notified.
 */
export const handler = async (event: unknown, context: Context): Promise<SQSBatchResponse> => {
  logger.addContext(context);
  const failed: string[] = [];
  for (const { messageId, body } of eventSchema.parse(event).Records) {
    try {
      const { status, step } = parseBody(body);
      const { orderId } = step;
      const orders = { client, tableName, now: () => new Date() };
      const marked = await setStatus(orders, step, 'needs-attention', `execution ${status}`);
      const notNotified = !marked && (await markNotNotified(orders, orderId));
      logger.info('execution ended', { orderId, status, marked, notNotified });
    } catch (error) {
      failed.push(messageId);
      logger.error('message failed', { messageId, errorName: error instanceof Error ? error.name : typeof error });
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
};

/** The order and its generation are the execution's input; executions started before there were generations have the first. */
function parseBody(body: string): { readonly status: string; readonly step: Step } {
  const parsed = bodySchema.safeParse(JSON.parse(body));
  if (!parsed.success) throw new Error('the message is not an execution status change');
  const { status, input } = parsed.data.detail;
  return { status, step: { generation: 1, ...parseInput(stepSchema, JSON.parse(input)) } };
}
