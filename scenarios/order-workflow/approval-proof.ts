import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Check } from '../shared/scenario';
import { shortenApprovalTimeout, waitForTaskToken } from './approvals';
import { denyActions } from './deny-actions';
import { addStock, executionArnOf, openDeployment, waitForStatus } from './deployment';
import { readAvailableStateMachineLog, readLogLines } from './log-lines';
import { captureMessages } from './message-capture';
import { createLargeOrder, decide, placeOrder, type TestOrder } from './test-orders';

export const approvalProof: Check = {
  name: 'approvals',
  title: 'accepts one decision, in time, by someone else, and keeps the task token in its table alone',
  async run(run) {
    const since = Date.now() - 1_000;
    const deployment = openDeployment(run);
    const sku = await addStock(deployment, 'plums', 1_000);
    const receivedMessages = await captureMessages(run);
    const statusOf = async (order: TestOrder, decision: string, approver?: string): Promise<unknown> =>
      (await decide(deployment, order.orderId, decision, approver)).value['status'];

    const order = createLargeOrder(deployment, 'once', sku);
    run.assertEqual(await statusOf(order, 'approve'), 'not found', 'decision on an unknown order');
    await placeOrder(deployment, order);
    const tokens = [await waitForTaskToken(deployment, order.orderId)];
    run.assertEqual(await statusOf(order, 'approve', order.customerId), 'forbidden', 'decision of the customer');
    // More concurrent approvers make a conflict more likely.
    const approvers = Array.from({ length: 8 }, (_, index) => `a-${index}`);
    const statuses = await Promise.all(approvers.map((approver) => statusOf(order, 'approve', approver)));
    const countOf = (status: string) => statuses.filter((one) => one === status).length;
    const decisions = { approved: countOf('approved'), late: countOf('already decided') };
    run.assertEqual(decisions, { approved: 1, late: 7 }, 'concurrent decisions');
    run.assertEqual(await statusOf(order, 'reject'), 'already decided', 'contrary later decision');
    const { status, charges } = await waitForStatus(deployment, order.orderId);
    run.assertEqual({ status, charges }, { status: 'confirmed', charges: 1 }, 'approved order');

    await run.step('a late decision', async () => {
      const restore = await shortenApprovalTimeout(deployment, 3);
      const late = createLargeOrder(deployment, 'late', sku);
      await placeOrder(deployment, late);
      tokens.push(await waitForTaskToken(deployment, late.orderId));
      await waitForStatus(deployment, late.orderId, ['rejected']);
      await restore();
      run.assertEqual(await statusOf(late, 'approve'), 'expired', 'decision after the timeout');
      const after = await waitForStatus(deployment, late.orderId, ['rejected']);
      run.assertEqual(after.charges, 0, 'charges of the expired order');
    });
    await run.step('a decision that could not be sent', async () => {
      const unsent = createLargeOrder(deployment, 'unsent', sku);
      await placeOrder(deployment, unsent);
      tokens.push(await waitForTaskToken(deployment, unsent.orderId));
      const decideApproval = run.output('DecideApprovalFunctionName');
      const restore = await denyActions(deployment, decideApproval, { actions: ['states:SendTaskSuccess'] });
      const { error } = await decide(deployment, unsent.orderId, 'approve');
      run.assert(error !== undefined, 'the approver receives the error');
      await restore();
      run.assertEqual(await statusOf(unsent, 'approve'), 'already decided', 'the same decision again');
      const { status: ending } = await waitForStatus(deployment, unsent.orderId);
      run.assertEqual(ending, 'confirmed', 'order whose decision was repeated');
    });
    await run.step('the subscribers of the approvals topic', async () => {
      const command = new ListSubscriptionsByTopicCommand({ TopicArn: run.output('ApprovalsTopicArn') });
      const { Subscriptions = [] } = await new SNSClient({}).send(command);
      run.assert(Subscriptions.length > 0, 'the subscription of the proof is listed');
    });
    await run.step('an execution stopped by an operator', async () => {
      const stopped = createLargeOrder(deployment, 'aborted', sku);
      await placeOrder(deployment, stopped);
      tokens.push(await waitForTaskToken(deployment, stopped.orderId));
      await deployment.sfn.send(new StopExecutionCommand({ executionArn: executionArnOf(run, stopped.orderId) }));
      const { reason } = await waitForStatus(deployment, stopped.orderId, ['needs-attention']);
      run.assertEqual(reason, 'none', 'reason of the order that needs attention');
    });
    await run.step('search for task tokens', async () => {
      const messages = await run.eventually('messages and events', async () => {
        const all = await receivedMessages();
        return all.some((one) => one.includes('OrderConfirmed')) && all.length >= 5 ? all : undefined;
      });
      const lines = await run.eventually('log lines', async () => {
        const all = await readLogLines(deployment, since);
        return all.some((line) => line.includes(order.orderId)) ? all : undefined;
      });
      lines.push(...(await readAvailableStateMachineLog(deployment, since, order.orderId)));
      const leaked = [...messages, ...lines].filter((text) => tokens.some((token) => text.includes(token)));
      run.assertEqual(leaked.length, 0, 'messages, events and log lines with a task token');
      run.metric('messages and events read', messages.length);
      run.metric('log lines read', lines.length);
    });
  },
};
