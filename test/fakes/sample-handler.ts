import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { createDynamoDBClient } from '../../lambda/shared/dynamodb-client';
import { logger } from '../../lambda/shared/observability';

const tableName = process.env['ORDERS_TABLE_NAME'];
const client = createDynamoDBClient({ requestTimeout: 200 });

/** Reads an order, as small as a handler can be. */
export const handler = async (orderId: string, context: Context) => {
  const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key: { orderId: { S: orderId } } }));
  logger.info('order read', { orderId, left: context.getRemainingTimeInMillis() });
  return { tableName, status: Item?.['status']?.S };
};
