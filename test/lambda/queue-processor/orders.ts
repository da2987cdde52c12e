import type { Order } from '../../../lambda/queue-processor/order';
import type { OrderMessage } from '../../../lambda/queue-processor/sqs-orders';

export function anOrder(change: Partial<Order> = {}): Order {
  return {
    orderId: 'o-1',
    customerId: 'c-7',
    placedAt: '2026-11-21T08:00:00Z',
    items: [{ sku: 'SKU-1', quantity: 2 }],
    ...change,
  };
}

export function aMessage(change: Partial<OrderMessage> = {}): OrderMessage {
  const messageId = change.messageId ?? 'm-1';
  return {
    messageId,
    receiptHandle: `handle of ${messageId}`,
    body: JSON.stringify(anOrder()),
    receiveCount: 1,
    ...change,
  };
}
