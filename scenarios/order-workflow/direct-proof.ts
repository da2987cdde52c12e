import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import type { Check } from '../shared/scenario';
import { deny } from './denial';
import {
  availableOf,
  executionArnOf,
  openDeployment,
  orderOf,
  place,
  standingOf,
  stock,
  type Deployment,
} from './deployment';
import { announcements, marks, type DirectFault } from './direct-faults';
import { listen } from './listening';
import { alterMachine, pathOf, readMachine, type Alterable } from './machine';

/** AWS does not let the machine write to another table, an emulator does not find it. */
function elsewhere(state: Alterable): void {
  state.Arguments = { ...state.Arguments, TableName: `${String(state.Arguments?.['TableName'])}-elsewhere` };
}

/** One entry more than EventBridge takes at once; a bus that is not there would do on AWS, and be taken by an emulator. */
function tooMany(state: Alterable): void {
  const [entry] = (state.Arguments?.['Entries'] as [unknown] | undefined) ?? [];
  state.Arguments = { Entries: Array.from({ length: 11 }, () => entry) };
}

export const directProof: Check = {
  name: 'direct-integrations',
  title:
    'where marking or announcing an order fails, nothing that was done is undone, and no order stays without an end',
  async run(run) {
    const deployment = openDeployment(run);
    const heard = await listen(run);
    await run.step('no order can be marked', async () => {
      const { states } = await readMachine(run, deployment.sfn);
      const refund = states['Refund the payment']?.Arguments?.FunctionName ?? '';
      // The mark that a compensation has failed is reached by one that fails.
      const unmendable = { state: 'Refund the payment', actions: ['dynamodb:UpdateItem'], table: 'PaymentsTableName' };
      const allow = await deny(deployment, refund, unmendable);
      await failEach(deployment, marks, elsewhere);
      await allow();
    });
    await run.step('no end can be announced', () => failEach(deployment, announcements, tooMany));
    await run.step('the machine as it was', async () => {
      const order = orderOf(deployment, 'mended', await stock(deployment, 'mended', 10));
      await place(deployment, order);
      // EventBridge keeps no order, but what was announced before this has had all this time.
      const announced = await run.eventually('the announcement of an order', async () => {
        const events = (await heard()).filter(
          (one) => one.includes('"OrderConfirmed"') || one.includes('"OrderRejected"'),
        );
        return events.some((one) => one.includes(order.orderId)) ? events : undefined;
      });
      const others = announced.filter((one) => one.includes(run.runId) && !one.includes(order.orderId));
      run.assert(others.length === 0, 'it announces an order, and none of those before was announced', others.join());
    });
  },
};

async function failEach(
  deployment: Deployment,
  faults: readonly DirectFault[],
  change: (state: Alterable) => void,
): Promise<void> {
  const changes = Object.fromEntries(faults.map(({ state }) => [state, change]));
  const restore = await alterMachine(deployment, 'the machine', changes);
  await Promise.all(faults.map((fault, index) => suffer(deployment, fault, index)));
  await restore();
}

/** A changed machine takes a while to reach every server of AWS: until then orders go through as always. */
const most = 5;

async function suffer(deployment: Deployment, { state, ...fault }: DirectFault, index: number): Promise<void> {
  const { run } = deployment;
  for (let attempt = 1; ; attempt++) {
    const name = `${state.toLowerCase().replace(/\W+/g, '-')}-${attempt}`;
    const sku = await stock(deployment, `direct-${index}-${attempt}-${fault.inStock}`, fault.inStock);
    const order = orderOf(deployment, name, sku, { paymentMethod: fault.paymentMethod });
    await place(deployment, order);
    const { last, status: execution } = await endOf(deployment, order.orderId);
    if (last !== state && attempt < most) continue;
    run.assert(last === state && execution === 'FAILED', `'${state}' ends its execution`, `${execution} at ${last}`);
    const wanted = JSON.stringify(fault.expected);
    let found = '';
    const settled = run.eventually(
      wanted,
      async () => {
        const { status, charges, refunds } = await standingOf(deployment, order.orderId);
        const taken = fault.inStock - (await availableOf(deployment, sku));
        found = JSON.stringify({ status, charges, refunds, taken });
        return found === wanted ? true : undefined;
      },
      { withinSeconds: 60 },
    );
    run.assert(await settled.catch(() => false), `and leaves its order as it has to be: ${wanted}`, found);
    return;
  }
}

/** How an execution has ended, and at which state. */
function endOf({ run, sfn }: Deployment, orderId: string): Promise<{ last: string; status: string }> {
  return run.eventually(`the end of ${orderId}`, async () => {
    const { status = '' } = await sfn.send(
      new DescribeExecutionCommand({ executionArn: executionArnOf(run, orderId) }),
    );
    if (status === 'RUNNING') return undefined;
    return { last: (await pathOf(run, sfn, orderId)).at(-1) ?? 'none', status };
  });
}
