import { makeIdempotent, IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { TransactWriteItemsCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context, SQSEvent } from 'aws-lambda';
import { linesOf, orderSchema, type Order } from '../../../lambda/queue-processor/order';

export interface LibraryTables {
  readonly idempotency: string;
  readonly fulfilments: string;
  readonly stock: string;
}

/** Handler as in the library's documentation: a loop, and each order wrapped in `makeIdempotent`. */
export function libraryHandler(dynamodb: DynamoDBClient, tables: LibraryTables) {
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'orderId' });
  const fulfil = makeIdempotent((order: Order) => write(dynamodb, tables, order), {
    persistenceStore: new DynamoDBPersistenceLayer({ tableName: tables.idempotency, awsSdkV3Client: dynamodb }),
    config,
  });
  return async (event: SQSEvent, context: Context): Promise<void> => {
    config.registerLambdaContext(context);
    for (const { body } of event.Records) await fulfil(orderSchema.parse(JSON.parse(body)));
  };
}

async function write(dynamodb: DynamoDBClient, { fulfilments, stock }: LibraryTables, order: Order): Promise<string> {
  const { orderId, customerId, placedAt } = order;
  const Item = {
    orderId: { S: orderId },
    status: { S: 'fulfilled' },
    customerId: { S: customerId },
    placedAt: { S: placedAt },
  };
  const updates = linesOf(order).map(({ sku, quantity }) => ({
    Update: {
      TableName: stock,
      Key: { sku: { S: sku } },
      UpdateExpression: 'SET available = available - :quantity',
      ConditionExpression: 'available >= :quantity',
      ExpressionAttributeValues: { ':quantity': { N: String(quantity) } },
    },
  }));
  const TransactItems = [{ Put: { TableName: fulfilments, Item } }, ...updates];
  await dynamodb.send(new TransactWriteItemsCommand({ TransactItems }));
  return orderId;
}
