import { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod/mini';
import { connectToDynamodb, markWatched } from './dynamodb-orders';
import { readEnvironment } from '../shared/environment';
import { endedExecutions } from './sqs-ended-executions';

const { ORDERS_TABLE_NAME: table } = readEnvironment(z.object({ ORDERS_TABLE_NAME: z.string() }), process.env);
const client = connectToDynamodb();
const logger = new Logger();

/** Marks orders whose execution has ended before they had an end state. */
export const handler = async (event: unknown, context: Context): Promise<SQSBatchResponse> => {
  logger.addContext(context);
  const failed: string[] = [];
  for (const { messageId, ended } of endedExecutions(event)) {
    try {
      if (ended === undefined) throw new Error('the message is not the end of an execution');
      const { orderId, status } = ended;
      const marked = await markWatched(
        { client, table, now: () => new Date() },
        orderId,
        'needs-attention',
        `execution ${status}`,
      );
      logger.info('execution ended', { orderId, status, marked });
    } catch (error) {
      failed.push(messageId);
      logger.error('end not noted', { messageId, errorName: error instanceof Error ? error.name : typeof error });
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
};
