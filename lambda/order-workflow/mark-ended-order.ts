import type { Context, SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { setStatus } from './adapters/dynamodb-orders';

const { ORDERS_TABLE_NAME: tableName } = readEnvironment(z.object({ ORDERS_TABLE_NAME: z.string() }), process.env);
const client = createDynamoDBClient();

const eventSchema = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

/**
 * Fields of the event that Step Functions sends when an execution ends; the execution's name is the order id.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
const bodySchema = z.object({
  detail: z.object({ name: z.string(), status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']) }),
});

/** Marks orders as `needs-attention` whose execution ended before they reached a terminal state. */
export const handler = async (event: unknown, context: Context): Promise<SQSBatchResponse> => {
  logger.addContext(context);
  const failed: string[] = [];
  for (const { messageId, body } of eventSchema.parse(event).Records) {
    try {
      const { name: orderId, status } = parseBody(body);
      const orders = { client, tableName, now: () => new Date() };
      const marked = await setStatus(orders, orderId, 'needs-attention', `execution ${status}`);
      logger.info('execution ended', { orderId, status, marked });
    } catch (error) {
      failed.push(messageId);
      logger.error('message failed', { messageId, errorName: error instanceof Error ? error.name : typeof error });
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
};

function parseBody(body: string): z.output<typeof bodySchema>['detail'] {
  const parsed = bodySchema.safeParse(JSON.parse(body));
  if (!parsed.success) throw new Error('the message is not an execution status change');
  return parsed.data.detail;
}
