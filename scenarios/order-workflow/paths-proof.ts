import { SendTaskFailureCommand } from '@aws-sdk/client-sfn';
import type { Check } from '../shared/scenario';
import { shortenApprovals, tokenOf } from './approvals';
import { deny } from './denial';
import {
  awaitStatus,
  availableOf,
  openDeployment,
  orderOf,
  place,
  stock,
  type Deployment,
  type Placed,
} from './deployment';
import { draw } from './drawing';
import { faults, type Fault } from './faults';
import { decideAsExpected, kinds } from './kinds';
import { pathOf, readMachine, waysAlong, type Machine } from './machine';

const ends = ['confirmed', 'rejected', 'failed', 'needs-attention'];

/** Where orders have been, for the report and for what is left. */
class Travels {
  private readonly taken = new Set<string>();

  constructor(
    private readonly deployment: Deployment,
    readonly machine: Machine,
  ) {}

  async follow(title: string, orderId: string): Promise<void> {
    const { run, sfn } = this.deployment;
    const last = await run.eventually(`the end of ${orderId}`, async () => {
      const path = await pathOf(run, sfn, orderId);
      const type = this.machine.states[path.at(-1) ?? '']?.Type;
      return type === 'Succeed' || type === 'Fail' ? path : undefined;
    });
    for (const way of waysAlong(last)) this.taken.add(way);
    run.picture('paths', title, await draw(this.machine, last), 'image/png', last.at(-1));
  }

  get left(): string[] {
    return this.machine.ways.filter((way) => !this.taken.has(way));
  }
}

/** Every kind of order, and every step made to fail in turn. */
export const pathsProof: Check = {
  name: 'every-path',
  title: 'every way through the machine is taken; whatever step fails, exactly what it left behind is undone',
  async run(run) {
    const deployment = openDeployment(run);
    const machine = await readMachine(run, deployment.sfn);
    const travels = new Travels(deployment, machine);
    const sku = await stock(deployment, 'apples', 1_000);
    await stock(deployment, 'apples-scarce', 0);

    await run.step('one order of each kind', async () => {
      for (const kind of kinds) {
        const order = kind.order(deployment, sku);
        await place(deployment, order);
        await decideAsExpected(deployment, kind, order.orderId);
        const { status, reason } = await awaitStatus(deployment, order.orderId, ends);
        const asExpected = status === kind.expected.status && reason === kind.expected.reason;
        run.assert(asExpected, `${kind.name} is ${kind.expected.status}`, `${status} (${reason})`);
        await travels.follow(kind.name, order.orderId);
      }
    });
    for (const fault of faults) await run.step(fault.name, () => suffer(deployment, travels, fault, sku));
    await run.step('the request for approval fails', () => failApproval(deployment, travels, sku));
    await run.step('nobody decides in time', () => expire(deployment, travels, sku));
    run.metric('ways through the machine', machine.ways.length);
    run.assert(travels.left.length === 0, 'every way through the machine was taken', travels.left.join('; '));
  },
};

async function suffer(deployment: Deployment, travels: Travels, fault: Fault, sku: string): Promise<void> {
  const { run } = deployment;
  const { expected } = fault;
  const functionName = travels.machine.states[fault.denial.state]?.Arguments?.FunctionName ?? '';
  const restore = await deny(deployment, functionName, fault.denial);
  const before = await availableOf(deployment, sku);
  // A denial takes a while to reach every server of AWS: until then orders go through as always.
  const most = 8;
  let found: string;
  let taken = 0;
  for (let attempt = 1; attempt <= most; attempt++) {
    const order = orderFor(deployment, fault, sku, attempt);
    await place(deployment, order);
    const standing = await awaitStatus(deployment, order.orderId, ends);
    const stockBefore = before - taken;
    taken = before - (await availableOf(deployment, sku));
    const { status, reason, charges, refunds } = standing;
    const outcome = { status, reason, charges, refunds, taken: taken - (before - stockBefore) };
    found = JSON.stringify(outcome);
    const untouched = !fault.outOfStock && status === 'confirmed' && expected.status !== 'confirmed';
    if (untouched && attempt < most) continue;
    const same = found === JSON.stringify(pick(expected));
    run.assert(
      same,
      `${fault.name}: ${expected.status}, charged ${expected.charges}, refunded ${expected.refunds}`,
      found,
    );
    await restore();
    await travels.follow(fault.name, order.orderId);
    return;
  }
}

function pick({ status, reason, charges, refunds, taken }: Fault['expected']): Fault['expected'] {
  return { status, reason, charges, refunds, taken };
}

function orderFor(deployment: Deployment, { name, outOfStock }: Fault, sku: string, attempt: number): Placed {
  const id = `${name.replace(/\W+/g, '-')}-${attempt}`;
  if (outOfStock !== true) return orderOf(deployment, id, sku);
  return orderOf(deployment, id, sku, { items: [{ sku: `${sku}-scarce`, quantity: 1, unitPrice: '1.00' }] });
}

/** The state that waits for a person is told that it failed, which is what a failed request looks like to the machine. */
async function failApproval(deployment: Deployment, travels: Travels, sku: string): Promise<void> {
  const { run, sfn } = deployment;
  const order = orderOf(deployment, 'approval-fails', sku, { items: [{ sku, quantity: 11, unitPrice: '1.00' }] });
  await place(deployment, order);
  const taskToken = await tokenOf(deployment, order.orderId);
  await sfn.send(new SendTaskFailureCommand({ taskToken, error: 'ApprovalFailed', cause: 'the scenario' }));
  const { status, reason, charges } = await awaitStatus(deployment, order.orderId, ends);
  const same = status === 'failed' && reason === 'approval-failed' && charges === 0;
  run.assert(same, 'an order that nobody can be asked about fails uncharged', `${status} (${reason})`);
  await travels.follow('the request for approval fails', order.orderId);
}

async function expire(deployment: Deployment, travels: Travels, sku: string): Promise<void> {
  const { run } = deployment;
  const restore = await shortenApprovals(deployment, 3);
  const order = orderOf(deployment, 'expires', sku, { items: [{ sku, quantity: 11, unitPrice: '1.00' }] });
  await place(deployment, order);
  const { status, reason, charges } = await awaitStatus(deployment, order.orderId, ends);
  const same = status === 'rejected' && reason === 'approval-expired' && charges === 0;
  run.assert(same, 'an order that nobody decides on is rejected and says so', `${status} (${reason})`);
  await restore();
  await travels.follow('nobody decides in time', order.orderId);
}
