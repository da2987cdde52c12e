import {
  ConditionalCheckFailedException,
  QueryCommand,
  UpdateItemCommand,
  type QueryCommandOutput,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { OrderEndedError, type OrderRecord, type WatchState } from '../order-record';
import type { Step } from '../step-input';
import { checkedRecord, openStatuses, timelineEntry, type OrdersTable } from './dynamodb-orders';

/** True for the order's current execution, and for an operator, who names no generation. */
function isCurrent({ generation }: Step): Pick<UpdateItemCommandInput, 'ConditionExpression'> & {
  values: NonNullable<UpdateItemCommandInput['ExpressionAttributeValues']>;
} {
  if (generation === undefined) return { ConditionExpression: '', values: {} };
  return {
    ConditionExpression: ' AND (attribute_not_exists(generation) OR generation = :generation)',
    values: { ':generation': { N: String(generation) } },
  };
}

/**
 * Sets a status in which an order waits for a person, and shows it in the index `watched`. Needs `dynamodb:UpdateItem`.
 *
 * @returns false if the order is in a terminal state, was restarted, or does not exist
 */
export async function setStatus(
  { client, tableName, now }: OrdersTable,
  step: Step,
  status: 'awaiting-approval' | 'needs-attention',
  detail?: string,
): Promise<boolean> {
  const at = now();
  const current = isCurrent(step);
  const { ':received': received, ':awaiting': awaiting } = openStatuses;
  return update(client, {
    TableName: tableName,
    Key: { orderId: { S: step.orderId } },
    UpdateExpression:
      'SET #status = :status, watch = :status, watchedSince = :at, timeline.#milestone = if_not_exists(timeline.#milestone, :entry)',
    ConditionExpression: `#status IN (:received, :awaiting)${current.ConditionExpression}`,
    ExpressionAttributeNames: {
      '#status': 'status',
      '#milestone': status === 'awaiting-approval' ? 'approval requested' : status,
    },
    ExpressionAttributeValues: {
      ':status': { S: status },
      ':at': { S: at.toISOString() },
      ':entry': timelineEntry(at, detail),
      ...(received && awaiting ? { ':received': received, ':awaiting': awaiting } : {}),
      ...current.values,
    },
  });
}

/** An order before its charge, with the time of the first attempt. */
export interface ChargeAttempt {
  readonly record: OrderRecord;
  readonly firstAttempt: Date;
}

/**
 * Records that a charge is requested; the approval is over, so that the order waits for nobody. Needs `dynamodb:UpdateItem`.
 *
 * @returns undefined if a refund was requested before: the order must not be charged any more
 * @throws OrderNotFoundError, SupersededExecutionError, OrderEndedError
 */
export async function beginCharge(
  { client, tableName, now }: OrdersTable,
  step: Step,
): Promise<ChargeAttempt | undefined> {
  const at = now();
  const current = isCurrent(step);
  try {
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { orderId: { S: step.orderId } },
        UpdateExpression:
          'SET #status = :received, watch = :received, watchedSince = :at, timeline.#charge = if_not_exists(timeline.#charge, :entry)',
        ConditionExpression: `#status IN (:received, :awaiting, :needsAttention) AND attribute_not_exists(timeline.#refund)${current.ConditionExpression}`,
        ExpressionAttributeNames: {
          '#status': 'status',
          '#charge': 'charge requested',
          '#refund': 'refund requested',
        },
        ExpressionAttributeValues: {
          ...openStatuses,
          ':at': { S: at.toISOString() },
          ':entry': timelineEntry(at),
          ...current.values,
        },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    const record = checkedRecord(Attributes, step, tableName);
    const first = Attributes?.['timeline']?.M?.['charge requested']?.M?.['at']?.S;
    return { record, firstAttempt: new Date(first ?? at) };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const { milestones, status } = checkedRecord(error.Item, step, tableName);
    if (milestones.has('refund requested')) return undefined;
    throw new OrderEndedError(`order ${step.orderId} is ${status} and cannot be charged`);
  }
}

/**
 * Shows an order in a terminal state, whose customer was not notified, in the index `watched`. Needs `dynamodb:UpdateItem`.
 *
 * @returns false if the customer was notified, or the order is shown already
 */
export async function markNotNotified({ client, tableName, now }: OrdersTable, orderId: string): Promise<boolean> {
  return update(client, {
    TableName: tableName,
    Key: { orderId: { S: orderId } },
    UpdateExpression: 'SET watch = :watch, watchedSince = :at',
    ConditionExpression:
      '#status IN (:confirmed, :rejected, :failed) AND attribute_not_exists(notifiedOutcome) AND attribute_not_exists(watch)',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: {
      ':watch': { S: 'not-notified' },
      ':at': { S: now().toISOString() },
      ':confirmed': { S: 'confirmed' },
      ':rejected': { S: 'rejected' },
      ':failed': { S: 'failed' },
    },
  });
}

/** Removes an order from the index once its customer was notified after all. Needs `dynamodb:UpdateItem`. */
export async function clearNotNotified({ client, tableName }: OrdersTable, orderId: string): Promise<void> {
  await update(client, {
    TableName: tableName,
    Key: { orderId: { S: orderId } },
    UpdateExpression: 'REMOVE watch, watchedSince',
    ConditionExpression: 'watch = :watch',
    ExpressionAttributeValues: { ':watch': { S: 'not-notified' } },
  });
}

/** Updates an item; returns false if the condition fails. */
async function update(client: OrdersTable['client'], input: UpdateItemCommandInput): Promise<boolean> {
  try {
    await client.send(new UpdateItemCommand(input));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

export interface WatchedOrders {
  readonly count: number;
  /** Undefined if there is none. */
  readonly oldest: Date | undefined;
}

/** Counts the orders in a state since before a time. Needs `dynamodb:Query` on the index. */
export async function countOrders(
  { client, tableName, indexName }: Pick<OrdersTable, 'client' | 'tableName'> & { readonly indexName: string },
  state: WatchState,
  before: Date,
): Promise<WatchedOrders> {
  let count = 0;
  let oldest: Date | undefined;
  let startKey: QueryCommandOutput['LastEvaluatedKey'];
  do {
    const page: QueryCommandOutput = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: indexName,
        KeyConditionExpression: 'watch = :state AND watchedSince <= :before',
        ExpressionAttributeValues: { ':state': { S: state }, ':before': { S: before.toISOString() } },
        ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
      }),
    );
    const { Items = [], LastEvaluatedKey } = page;
    const since = Items[0]?.['watchedSince']?.S;
    // The index is sorted by time: the first item of all pages is the oldest.
    if (oldest === undefined && since !== undefined) oldest = new Date(since);
    count += Items.length;
    startKey = LastEvaluatedKey;
  } while (startKey !== undefined);
  return { count, oldest };
}
