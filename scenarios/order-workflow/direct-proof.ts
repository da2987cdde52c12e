import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { isDeepStrictEqual } from 'node:util';
import type { Check } from '../shared/scenario';
import { denyActions } from './deny-actions';
import { addStock, executionArnOf, openDeployment, readOrderState, readStock, type Deployment } from './deployment';
import { captureMessages } from './message-capture';
import { alterStateMachine, readPath, readStateMachine, shortenRetries, type AlterableState } from './state-machine';
import { eventFailures, notificationFailures, statusFailures, type IntegrationFailure } from './step-failures';
import { createOrder, placeOrder } from './test-orders';

/** AWS denies the state machine other tables; on an emulator the table does not exist. */
function useOtherTable(state: AlterableState): void {
  state.Retry = [];
  state.Arguments = { ...state.Arguments, TableName: `${String(state.Arguments?.['TableName'])}-elsewhere` };
}

/** One entry above EventBridge's limit of ten. A missing bus would fail on AWS, but not on an emulator. */
function sendTooManyEntries(state: AlterableState): void {
  state.Retry = [];
  const [entry] = (state.Arguments?.['Entries'] as [unknown] | undefined) ?? [];
  state.Arguments = { Entries: Array.from({ length: 11 }, () => entry) };
}

export const directProof: Check = {
  name: 'direct-integrations',
  expectedErrors: ['AccessDenied', 'AccessDeniedException'],
  title: 'undoes nothing if a status or an event cannot be written, and every order reaches a terminal state',
  async run(run) {
    const deployment = openDeployment(run);
    const receivedMessages = await captureMessages(run);
    await shortenRetries(deployment);
    const { states } = await readStateMachine(run, deployment.sfn);
    const functionOf = (state: string) => states[state]?.Arguments?.FunctionName ?? '';
    await run.step('no status can be written', async () => {
      const refund = functionOf('Refund the payment');
      // Only a failed compensation reaches the state that marks an order as needing attention.
      const denial = { actions: ['dynamodb:UpdateItem'], table: 'PaymentsTableName' };
      const allowRefund = await denyActions(deployment, refund, denial);
      await failEach(deployment, 'status', statusFailures, useOtherTable);
      await allowRefund();
    });
    await run.step('no event can be published', () => failEach(deployment, 'event', eventFailures, sendTooManyEntries));
    await run.step('no failed notification can be recorded', async () => {
      const restore = await denyActions(deployment, functionOf('Notify the customer'), { actions: ['dynamodb:*'] });
      await failEach(deployment, 'notification', notificationFailures, useOtherTable);
      await restore();
    });
    await run.step('the restored state machine', async () => {
      const order = createOrder(deployment, 'restored', await addStock(deployment, 'restored', 10));
      await placeOrder(deployment, order);
      // EventBridge keeps no order, but earlier events have had all this time to arrive.
      const events = await run.eventually('the event of an order', async () => {
        const all = (await receivedMessages()).filter((one) => /"Order(Confirmed|Rejected)"/.test(one));
        return all.some((one) => one.includes(order.orderId)) ? all : undefined;
      });
      const failed = events.filter((one) => /-(status|event)-\d/.test(one) && one.includes(run.runId));
      run.assert(failed.length === 0, 'no order whose status or event failed has an event', failed.join());
    });
  },
};

async function failEach(
  deployment: Deployment,
  label: string,
  failures: readonly IntegrationFailure[],
  change: (state: AlterableState) => void,
): Promise<void> {
  const changes = Object.fromEntries(failures.map(({ state }) => [state, change]));
  const restore = await alterStateMachine(deployment, changes);
  await Promise.all(failures.map((failure, index) => checkFailure(deployment, failure, `${label}-${index}`)));
  await restore();
}

/** On AWS an altered state machine takes some seconds to take effect; until then orders succeed. */
const maximumAttempts = 5;

async function checkFailure(
  deployment: Deployment,
  { state, paymentMethod, inStock, expected }: IntegrationFailure,
  label: string,
): Promise<void> {
  const { run } = deployment;
  for (let attempt = 1; ; attempt++) {
    const name = `${label}-${attempt}`;
    const sku = await addStock(deployment, name, inStock);
    const order = createOrder(deployment, name, sku, { paymentMethod });
    await placeOrder(deployment, order);
    const { last, status: execution } = await waitForEnd(deployment, order.orderId);
    if (last !== state && attempt < maximumAttempts) continue;
    run.assert(last === state && execution === 'FAILED', `'${state}' ends its execution`, `${execution} at ${last}`);
    let actual: unknown;
    const reached = run.eventually(`the outcome of ${order.orderId}`, async () => {
      const { status, charges, refunds } = await readOrderState(deployment, order.orderId);
      const outcome = { status, charges, refunds, reserved: inStock - (await readStock(deployment, sku)) };
      actual = outcome;
      return isDeepStrictEqual(outcome, expected) ? true : undefined;
    });
    await reached.catch(() => false);
    run.assertEqual(actual, expected, `order after a failure of '${state}'`);
    return;
  }
}

/** Waits until an execution has ended; returns its status and last state. */
function waitForEnd({ run, sfn }: Deployment, orderId: string): Promise<{ last: string; status: string }> {
  return run.eventually(`the end of the execution of ${orderId}`, async () => {
    const { status = '' } = await sfn.send(
      new DescribeExecutionCommand({ executionArn: executionArnOf(run, orderId) }),
    );
    if (status === 'RUNNING') return undefined;
    return { last: (await readPath(run, sfn, orderId)).at(-1) ?? 'none', status };
  });
}
