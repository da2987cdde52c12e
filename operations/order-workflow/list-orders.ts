import { paginateQuery } from '@aws-sdk/client-dynamodb';
import { watchedIndexName, type WatchState } from '../../lambda/order-workflow/order-record';
import type { OrderDeployment } from './order-deployment';

export const watchStates: readonly WatchState[] = ['received', 'awaiting-approval', 'needs-attention', 'not-notified'];

export interface WatchedOrder {
  readonly orderId: string;
  readonly since: Date;
}

/** Orders that wait in a state, oldest first. */
export async function* listOrders(
  { dynamodb, output }: Pick<OrderDeployment, 'dynamodb' | 'output'>,
  state: WatchState,
): AsyncGenerator<WatchedOrder> {
  const pages = paginateQuery(
    { client: dynamodb },
    {
      TableName: output('OrdersTableName'),
      IndexName: watchedIndexName,
      KeyConditionExpression: 'watch = :state',
      ExpressionAttributeValues: { ':state': { S: state } },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const item of Items) {
      yield { orderId: item['orderId']?.S ?? '', since: new Date(item['watchedSince']?.S ?? 0) };
    }
  }
}
