import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { parseRecord } from '../../lambda/order-workflow/adapters/dynamodb-orders';
import { executionName } from '../../lambda/order-workflow/order';
import type { OrderRecord } from '../../lambda/order-workflow/order-record';
import { executionArn, executionStatus, invokeStep, type OrderDeployment } from './order-deployment';

/** The order is not in a state that a command can repair; the message says which command can. */
export class RepairRefusedError extends Error {
  override readonly name = 'RepairRefusedError';
}

/** Attributes that repairs use beside those of the record. */
type Repairable = OrderRecord & { readonly reason: string };

/** @throws RepairRefusedError if there is no such order */
async function readOrder({ dynamodb, output }: OrderDeployment, orderId: string): Promise<Repairable> {
  const TableName = output('OrdersTableName');
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName, Key: { orderId: { S: orderId } }, ConsistentRead: true }),
  );
  if (Item === undefined) throw new RepairRefusedError(`no order '${orderId}': check the id, or give another --stage`);
  return { ...parseRecord(Item), reason: Item['reason']?.S ?? 'none' };
}

/** @throws RepairRefusedError if the order is in a terminal state, or its execution is running */
async function readStoppedOrder(
  deployment: OrderDeployment,
  orderId: string,
): Promise<{ readonly order: Repairable; readonly execution: string | undefined }> {
  const order = await readOrder(deployment, orderId);
  if (['confirmed', 'rejected', 'failed'].includes(order.status)) {
    throw new RepairRefusedError(`order ${orderId} is ${order.status}: its sender can place it again under a new id`);
  }
  const execution = await executionStatus(deployment, executionArn(deployment, orderId, order.generation));
  if (execution === 'RUNNING') {
    throw new RepairRefusedError(`the execution of ${orderId} is running: wait for it, or stop it first`);
  }
  return { order, execution };
}

/**
 * Starts a new execution of an order with the current definition of the state machine; every step repeats safely.
 *
 * Its name and generation are claimed in the table before it starts, so a repeated command starts one execution, and steps of
 * the earlier one change nothing any more. A redrive would use the definition that the earlier execution was started with:
 * https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
 *
 * @returns the name of the execution
 */
export async function restartOrder(deployment: OrderDeployment, orderId: string, now = new Date()): Promise<string> {
  const { order, execution } = await readStoppedOrder(deployment, orderId);
  if (order.milestones.has('refund requested') || order.inventory === 'released') {
    throw new RepairRefusedError(`order ${orderId} was undone in part and cannot be completed: use --fail`);
  }
  // An execution that never started is started under its own name.
  const generation = execution === undefined ? order.generation : order.generation + 1;
  await updateOpenOrder(deployment, order, {
    UpdateExpression: 'SET #status = :received, watch = :received, watchedSince = :at, generation = :next',
    ExpressionAttributeValues: { ':at': { S: now.toISOString() }, ':next': { N: String(generation) } },
  });
  const name = executionName(orderId, generation);
  const stateMachineArn = deployment.output('OrderStateMachineArn');
  const input = JSON.stringify({ orderId, generation });
  await deployment.sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
  return name;
}

/**
 * Undoes whatever was done for an order, publishes `OrderFailed`, sets its status to `failed`, and notifies the customer.
 *
 * Interrupted, it can be run again: only the event may be published twice.
 */
export async function failOrder(deployment: OrderDeployment, orderId: string, now = new Date()): Promise<void> {
  const { order } = await readStoppedOrder(deployment, orderId);
  await invokeStep(deployment, 'RefundPaymentFunctionName', { orderId });
  await invokeStep(deployment, 'UpdateInventoryFunctionName', { orderId, change: 'release' });
  const reason = order.reason === 'none' ? 'closed-by-operator' : order.reason;
  const Entry = {
    EventBusName: deployment.output('EventBusName'),
    Source: 'order-workflow',
    DetailType: 'OrderFailed',
    Detail: JSON.stringify({ orderId, status: 'failed', reason }),
  };
  const { FailedEntryCount = 0 } = await deployment.events.send(new PutEventsCommand({ Entries: [Entry] }));
  if (FailedEntryCount > 0) throw new Error(`the event OrderFailed of ${orderId} was refused: run the command again`);
  await updateOpenOrder(deployment, order, {
    UpdateExpression:
      'SET #status = :failed, reason = :reason, timeline.#failed = if_not_exists(timeline.#failed, :entry), watch = :watch, watchedSince = :at',
    ExpressionAttributeNames: { '#failed': 'failed' },
    ExpressionAttributeValues: {
      ':failed': { S: 'failed' },
      ':reason': { S: reason },
      ':entry': { M: { at: { S: now.toISOString() }, detail: { S: reason } } },
      ':watch': { S: 'not-notified' },
      ':at': { S: now.toISOString() },
    },
  });
  await notifyCustomer(deployment, orderId);
}

/** Notifies the customer of the outcome of an order, once, and removes it from the index. */
export async function notifyCustomer(deployment: OrderDeployment, orderId: string): Promise<string> {
  const { status: outcome, reason } = await readOrder(deployment, orderId);
  if (!['confirmed', 'rejected', 'failed'].includes(outcome)) {
    throw new RepairRefusedError(`order ${orderId} is ${outcome}: its customer is notified once it has an outcome`);
  }
  await invokeStep(deployment, 'SendConfirmationFunctionName', { orderId, outcome, reason });
  return outcome;
}

/** Updates an order that has not reached a terminal state and was not restarted since it was read. */
async function updateOpenOrder(
  { dynamodb, output }: OrderDeployment,
  { order: { orderId }, generation }: OrderRecord,
  update: Pick<UpdateItemCommandInput, 'UpdateExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>,
): Promise<void> {
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values, UpdateExpression } = update;
  try {
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: output('OrdersTableName'),
        Key: { orderId: { S: orderId } },
        UpdateExpression,
        ConditionExpression:
          '#status IN (:received, :awaiting, :needsAttention) AND (attribute_not_exists(generation) OR generation = :generation)',
        ExpressionAttributeNames: { '#status': 'status', ...names },
        ExpressionAttributeValues: {
          ':received': { S: 'received' },
          ':awaiting': { S: 'awaiting-approval' },
          ':needsAttention': { S: 'needs-attention' },
          ':generation': { N: String(generation) },
          ...values,
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new RepairRefusedError(`order ${orderId} has changed meanwhile: look at it again`);
  }
}
