import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Check } from '../shared/scenario';
import { waitForTaskToken } from './approvals';
import { addStock, executionArnOf, openDeployment, waitForStatus, type Deployment } from './deployment';
import { runOperation } from './run-operation';
import { createLargeOrder, placeOrder } from './test-orders';

export const redriveProof: Check = {
  name: 'redrive',
  title: 'records an ended execution from the dead-letter queue by the redrive',
  async run(run) {
    const deployment = openDeployment(run);
    const sqs = new SQSClient({});
    const QueueUrl = run.output('EndedExecutionsDeadLettersUrl');
    const orderId = await run.step('stop an execution whose end is not recorded', () => stopUnrecorded(deployment));
    // As EventBridge puts it there if the queue refuses it for a day.
    const event = {
      'detail-type': 'Step Functions Execution Status Change',
      detail: { name: orderId, status: 'ABORTED', input: JSON.stringify({ orderId, generation: 1 }) },
    };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
    const dryRun = await runOperation(run, 'redrive --dry-run');
    run.assert(dryRun.includes('1 would be redriven'), 'the dry run finds the message', dryRun);
    await runOperation(run, 'redrive');
    await waitForStatus(deployment, orderId, ['needs-attention']);
    await run.eventually('an empty dead-letter queue', async () => {
      const AttributeNames = ['ApproximateNumberOfMessages' as const, 'ApproximateNumberOfMessagesNotVisible' as const];
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      return Object.values(Attributes ?? {}).every((count) => count === '0') ? true : undefined;
    });
    run.assert(true, 'the dead-letter queue is empty');
  },
};

/** Stops a waiting execution and puts its order back to the state before that was recorded. */
async function stopUnrecorded(deployment: Deployment): Promise<string> {
  const { run, sfn, dynamodb } = deployment;
  const { orderId } = await placeLargeOrder(deployment);
  await sfn.send(new StopExecutionCommand({ executionArn: executionArnOf(run, orderId) }));
  await waitForStatus(deployment, orderId, ['needs-attention']);
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: run.output('OrdersTableName'),
      Key: { orderId: { S: orderId } },
      UpdateExpression: 'SET #status = :awaiting, watch = :awaiting',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':awaiting': { S: 'awaiting-approval' } },
    }),
  );
  return orderId;
}

async function placeLargeOrder(deployment: Deployment): Promise<{ readonly orderId: string }> {
  const order = createLargeOrder(deployment, 'unrecorded', await addStock(deployment, 'unrecorded', 100));
  await placeOrder(deployment, order);
  await waitForTaskToken(deployment, order.orderId);
  return order;
}
