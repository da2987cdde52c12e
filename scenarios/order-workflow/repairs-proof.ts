import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Check } from '../shared/scenario';
import { waitForTaskToken } from './approvals';
import { denyActions } from './deny-actions';
import { addStock, executionArnOf, openDeployment, readStock, waitForStatus, type Deployment } from './deployment';
import { captureMessages } from './message-capture';
import { runOperation } from './run-operation';
import { alterStateMachine, readStateMachine, shortenRetries } from './state-machine';
import { createLargeOrder, createOrder, decide, placeOrder } from './test-orders';
import { countOrders } from './watch-metrics';

type Messages = () => Promise<string[]>;

export const repairsProof: Check = {
  name: 'repairs',
  title: 'completes or undoes orders of every kind that needs an operator, by the commands of the runbook',
  async run(run) {
    const deployment = openDeployment(run);
    await shortenRetries(deployment);
    const receivedMessages = await captureMessages(run);
    await run.step('restart after a corrected definition', () => restartAfterRepair(deployment));
    await run.step('restart after a decision on a stopped order', () =>
      restartAfterDecision(deployment, receivedMessages),
    );
    await run.step('restart an order without an execution', () => restartStuckOrder(deployment));
    await run.step('fail an order whose compensation failed', () =>
      failStuckCompensation(deployment, receivedMessages),
    );
  },
};

/** A state that nothing catches fails in the deployed definition, and works in the next one. */
async function restartAfterRepair(deployment: Deployment): Promise<void> {
  const { run } = deployment;
  const restore = await alterStateMachine(deployment, {
    'Mark the order ended': (state) => {
      state.Retry = [];
      state.Arguments = { ...state.Arguments, TableName: `${String(state.Arguments?.['TableName'])}-elsewhere` };
    },
  });
  const sku = await addStock(deployment, 'corrected', 10);
  const order = createOrder(deployment, 'corrected', sku);
  await placeOrder(deployment, order);
  await waitForStatus(deployment, order.orderId, ['needs-attention']);
  await restore();
  const listed = await runOperation(run, 'orders --list needs-attention');
  run.assert(listed.includes(order.orderId), 'the order is listed', listed);
  await runOperation(run, 'orders <order id> --restart', order.orderId);
  const { status, charges, refunds } = await waitForStatus(deployment, order.orderId, ['confirmed', 'failed']);
  const expected = { status: 'confirmed', charges: 1, refunds: 0, left: 8 };
  run.assertEqual({ status, charges, refunds, left: await readStock(deployment, sku) }, expected, 'restarted order');
  const history = await runOperation(run, 'orders <order id>', order.orderId);
  run.assert(/execution (RUNNING|SUCCEEDED)/.test(history), 'the path of the new execution is shown', history);
}

/** The approver decides while no execution waits; nobody is asked again. */
async function restartAfterDecision(deployment: Deployment, receivedMessages: Messages): Promise<void> {
  const { run, sfn } = deployment;
  const order = createLargeOrder(deployment, 'decided', await addStock(deployment, 'decided', 100));
  await placeOrder(deployment, order);
  await waitForTaskToken(deployment, order.orderId);
  const listed = await runOperation(run, 'orders --list awaiting-approval');
  run.assert(listed.includes(order.orderId), 'the order is listed', listed);
  await sfn.send(new StopExecutionCommand({ executionArn: executionArnOf(run, order.orderId) }));
  await waitForStatus(deployment, order.orderId, ['needs-attention']);
  const { value } = await decide(deployment, order.orderId, 'approve');
  run.assertEqual(value['status'], 'approved', 'decision on a stopped order');
  await runOperation(run, 'orders <order id> --restart', order.orderId);
  const { status, charges } = await waitForStatus(deployment, order.orderId, ['confirmed', 'rejected', 'failed']);
  run.assertEqual({ status, charges }, { status: 'confirmed', charges: 1 }, 'restarted order');
  const requests = (await receivedMessages()).filter((one) => one.includes(`Order ${order.orderId} to approve`));
  run.assertEqual(requests.length, 1, 'requests for approval');
}

/** ReceiveOrder was killed between storing the order and starting its execution, and its caller never sent it again. */
async function restartStuckOrder(deployment: Deployment): Promise<void> {
  const { run, dynamodb } = deployment;
  const order = createOrder(deployment, 'without-execution', await addStock(deployment, 'without-execution', 10));
  const before = await countOrders(deployment);
  const since = { S: new Date(Date.now() - 30 * 86_400_000).toISOString() };
  await dynamodb.send(
    new PutItemCommand({
      TableName: run.output('OrdersTableName'),
      Item: {
        orderId: { S: order.orderId },
        status: { S: 'received' },
        generation: { N: '1' },
        customerId: { S: order.customerId },
        currency: { S: order.currency },
        order: { S: JSON.stringify(order) },
        timeline: { M: { received: { M: { at: since } } } },
        watch: { S: 'received' },
        watchedSince: since,
      },
    }),
  );
  const counted = await countOrders(deployment);
  run.assertEqual(counted.StuckOrders, before.StuckOrders + 1, 'stuck orders');
  const listed = await runOperation(run, 'orders --list received');
  run.assert(listed.includes(order.orderId), 'the order is listed', listed);
  await runOperation(run, 'orders <order id> --restart', order.orderId);
  const { status, charges } = await waitForStatus(deployment, order.orderId);
  run.assertEqual({ status, charges }, { status: 'confirmed', charges: 1 }, 'restarted order');
}

async function failStuckCompensation(deployment: Deployment, receivedMessages: Messages): Promise<void> {
  const { run, sfn } = deployment;
  const { states } = await readStateMachine(run, sfn);
  const refund = states['Refund the payment']?.Arguments?.FunctionName ?? '';
  const denial = { actions: ['dynamodb:UpdateItem'], table: 'PaymentsTableName' };
  const restore = await denyActions(deployment, refund, denial);
  const order = createOrder(deployment, 'not-refunded', await addStock(deployment, 'not-refunded', 0));
  await placeOrder(deployment, order);
  const stuck = await waitForStatus(deployment, order.orderId, ['needs-attention']);
  run.assertEqual([stuck.charges, stuck.refunds], [1, 0], 'charges and refunds of the order');
  await restore();
  await runOperation(run, 'orders <order id> --fail', order.orderId);
  const { status, reason, charges, refunds, milestones } = await waitForStatus(deployment, order.orderId, ['failed']);
  const expected = { status: 'failed', reason: 'out-of-stock', charges: 1, refunds: 1 };
  run.assertEqual({ status, reason, charges, refunds }, expected, 'order after the repair');
  run.assert(milestones.includes('customer notified'), 'the customer is notified', milestones.join(', '));
  await run.eventually('the event OrderFailed', async () => {
    const events = (await receivedMessages()).filter((one) => one.includes('"OrderFailed"'));
    return events.some((one) => one.includes(order.orderId)) ? true : undefined;
  });
}
