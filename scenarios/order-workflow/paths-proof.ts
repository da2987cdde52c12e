import { SendTaskFailureCommand } from '@aws-sdk/client-sfn';
import type { Check } from '../shared/scenario';
import { shortenApprovalTimeout, waitForTaskToken } from './approvals';
import { denyActions } from './deny-actions';
import { addStock, openDeployment, readStock, waitForStatus, type Deployment } from './deployment';
import { decideByKind, orderKinds } from './order-kinds';
import { readEndedPath, readStateMachine, shortenRetries, transitionsAlong, type StateMachine } from './state-machine';
import { stepFailures, type StepFailure } from './step-failures';
import { createLargeOrder, createOrder, placeOrder, type TestOrder } from './test-orders';

/** Transitions that orders have taken, with each path for the report. */
class PathCoverage {
  private readonly taken = new Set<string>();

  constructor(
    private readonly deployment: Deployment,
    readonly stateMachine: StateMachine,
  ) {}

  async record(title: string, orderId: string): Promise<void> {
    const path = await readEndedPath(this.deployment, this.stateMachine, orderId);
    for (const transition of transitionsAlong(path)) this.taken.add(transition);
    this.deployment.run.path(title, path);
  }

  get missing(): string[] {
    return this.stateMachine.transitions.filter((transition) => !this.taken.has(transition));
  }
}

export const pathsProof: Check = {
  name: 'every-path',
  expectedErrors: 'all',
  title: 'takes every transition of the state machine, and undoes exactly the completed steps after each failure',
  async run(run) {
    const deployment = openDeployment(run);
    const stateMachine = await readStateMachine(run, deployment.sfn);
    const coverage = new PathCoverage(deployment, stateMachine);
    await shortenRetries(deployment);
    const sku = await addStock(deployment, 'apples', 1_000);
    await addStock(deployment, 'apples-scarce', 0);

    await run.step('one order of each kind', async () => {
      for (const kind of orderKinds) {
        const order = kind.order(deployment, sku);
        await placeOrder(deployment, order);
        await decideByKind(deployment, kind, order.orderId);
        const { status, reason } = await waitForStatus(deployment, order.orderId);
        const expected = { status: kind.expected.status, reason: kind.expected.reason };
        run.assertEqual({ status, reason }, expected, `order ${kind.name}`);
        await coverage.record(kind.name, order.orderId);
      }
    });
    for (const failure of stepFailures) {
      await run.step(failure.name, () => checkFailure(deployment, coverage, failure, sku));
    }
    await run.step('the request for approval fails', () => failApproval(deployment, coverage, sku));
    await run.step('the approval expires', () => expireApproval(deployment, coverage, sku));
    run.metric('transitions of the state machine', stateMachine.transitions.length);
    run.assert(coverage.missing.length === 0, 'every transition was taken', coverage.missing.join('; '));
  },
};

/** On AWS a denial takes some seconds to take effect; until then orders succeed. */
const maximumAttempts = 8;

async function checkFailure(
  deployment: Deployment,
  coverage: PathCoverage,
  failure: StepFailure,
  sku: string,
): Promise<void> {
  const { run } = deployment;
  const { state, denial, outOfStock = false, expected } = failure;
  const functionName = coverage.stateMachine.states[state]?.Arguments?.FunctionName ?? '';
  const restore = denial && (await denyActions(deployment, functionName, denial));
  for (let attempt = 1; ; attempt++) {
    const stockBefore = await readStock(deployment, sku);
    const order = createFailingOrder(deployment, failure, sku, attempt);
    await placeOrder(deployment, order);
    const { status, reason, charges, refunds } = await waitForStatus(deployment, order.orderId);
    const reserved = stockBefore - (await readStock(deployment, sku));
    const succeeded = !outOfStock && status === 'confirmed' && expected.status !== 'confirmed';
    if (succeeded && attempt < maximumAttempts) continue;
    run.assertEqual({ status, reason, charges, refunds, reserved }, expected, failure.name);
    await restore?.();
    await coverage.record(failure.name, order.orderId);
    return;
  }
}

function createFailingOrder(
  deployment: Deployment,
  { name, outOfStock, paymentMethod = 'pm-visa' }: StepFailure,
  sku: string,
  attempt: number,
): TestOrder {
  const id = `${name.replace(/\W+/g, '-')}-${attempt}`;
  if (outOfStock !== true) return createOrder(deployment, id, sku, { paymentMethod });
  const items = [{ sku: `${sku}-scarce`, quantity: 1, unitPrice: '1.00' }];
  return createOrder(deployment, id, sku, { paymentMethod, items });
}

/** Fails the waiting task by its token, which the state machine cannot tell from a failed request. */
async function failApproval(deployment: Deployment, coverage: PathCoverage, sku: string): Promise<void> {
  const { run, sfn } = deployment;
  const order = createLargeOrder(deployment, 'approval-fails', sku);
  await placeOrder(deployment, order);
  const taskToken = await waitForTaskToken(deployment, order.orderId);
  await sfn.send(new SendTaskFailureCommand({ taskToken, error: 'ApprovalFailed', cause: 'the scenario' }));
  const { status, reason, charges } = await waitForStatus(deployment, order.orderId);
  const expected = { status: 'failed', reason: 'approval-failed', charges: 0 };
  run.assertEqual({ status, reason, charges }, expected, 'order whose request for approval failed');
  await coverage.record('the request for approval fails', order.orderId);
}

async function expireApproval(deployment: Deployment, coverage: PathCoverage, sku: string): Promise<void> {
  const { run } = deployment;
  const restore = await shortenApprovalTimeout(deployment, 3);
  const order = createLargeOrder(deployment, 'expires', sku);
  await placeOrder(deployment, order);
  const { status, reason, charges } = await waitForStatus(deployment, order.orderId);
  const expected = { status: 'rejected', reason: 'approval-expired', charges: 0 };
  run.assertEqual({ status, reason, charges }, expected, 'order without a decision');
  await restore();
  await coverage.record('the approval expires', order.orderId);
}
