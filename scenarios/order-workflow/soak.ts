import { setTimeout as sleep } from 'node:timers/promises';
import { disturbances } from '../shared/faults/disturbed-calls';
import { kills } from '../shared/faults/kills';
import { repeatedFault } from '../shared/faults/repeated-fault';
import { inLanes } from '../shared/in-lanes';
import type { Soak, WorkOutcome } from '../shared/scenario';
import { functionsCalledBy } from '../shared/step-functions';
import { awaitStatus, availableOf, openDeployment, orderOf, send, standingOf, stock } from './deployment';
import type { Deployment, Placed, Standing } from './deployment';

const inStock = 100_000;
const atOnce = 3;
const ends = ['confirmed', 'rejected', 'failed', 'needs-attention'];
const paymentMethods = ['pm-visa', 'pm-visa', 'pm-declined', 'pm-timeout-once', 'pm-slow', 'pm-crash-once'];

interface Stocked {
  readonly sku: string;
  /** Units before the first order. */
  readonly inStock: number;
}

interface Sent {
  readonly order: Placed;
  /** Whether the caller was told that it is received. */
  readonly received: boolean;
}

/** Orders of all kinds of payment, sent by callers who send again what was not answered. */
export const soak: Soak = {
  units: 'orders',
  async open(run) {
    const deployment = openDeployment(run);
    const sku = await stock(deployment, 'soak', inStock);
    const functions = await functionsOfWorkflow(deployment);
    const sent: Sent[] = [];
    return {
      faults: [
        kills(functions),
        disturbances(functions, ['dynamodb', 'states', 'sns']),
        repeatedFault({
          fault: 'duplicate-delivery',
          title: 'orders sent again',
          everyMilliseconds: 2_000,
          async inject(_run, rng) {
            const again = sent[Math.floor(rng.random() * sent.length)];
            if (again === undefined) return 0;
            await send(deployment, again.order);
            return 1;
          },
        }),
      ],
      async work() {
        await inLanes(Array.from({ length: atOnce }), atOnce, async (_) => {
          const paymentMethod = paymentMethods[Math.floor(run.random() * paymentMethods.length)] ?? '';
          sent.push(await sendOrder(deployment, sku, paymentMethod));
        });
        await sleep(500);
      },
      verify: () => verify(deployment, { sku, inStock }, sent),
    };
  },
};

/** What receives orders, and what the state machine calls. */
export async function functionsOfWorkflow({ run, sfn }: Deployment): Promise<string[]> {
  const steps = await functionsCalledBy(sfn, run.output('OrderStateMachineArn'));
  return [run.output('ReceiveOrderFunctionName'), ...steps];
}

export async function sendOrder(deployment: Deployment, sku: string, paymentMethod: string): Promise<Sent> {
  const order = orderOf(deployment, `order-${deployment.orderIds.size}`, sku, { paymentMethod });
  const { value } = await send(deployment, order);
  return { order, received: value['status'] === 'received' };
}

/** Waits for the end of every order, and compares money and stock with what its end says. */
export async function verify(deployment: Deployment, stocked: Stocked, sent: readonly Sent[]): Promise<WorkOutcome> {
  const standings = await inLanes(sent, 8, (one) => standingAtEnd(deployment, one));
  const unfinished = sent.flatMap(({ order }, index) => {
    const status = standings[index]?.status ?? '';
    return [...ends, 'absent'].includes(status) ? [] : [`${order.orderId} is ${status}`];
  });
  const wrongCharges = sent.flatMap(({ order }, index) => wrongMoney(order, standings[index]));
  for (const status of ends) {
    deployment.run.metric(status, standings.filter((one) => one.status === status).length, 'orders');
  }
  return {
    placed: sent.length,
    lost: unfinished,
    duplicated: [...wrongCharges, ...(await wrongStock(deployment, stocked, sent, standings))],
  };
}

/** Of an order that its caller was never told of, there may be nothing. */
async function standingAtEnd(deployment: Deployment, { order, received }: Sent): Promise<Standing> {
  const { orderId } = order;
  const standing = await standingOf(deployment, orderId);
  if (standing.status === 'none' && !received) return { ...standing, status: 'absent' };
  try {
    return await awaitStatus(deployment, orderId, ends);
  } catch {
    return standingOf(deployment, orderId);
  }
}

function wrongMoney({ orderId }: Placed, standing: Standing | undefined): string[] {
  const { status = '', charges = 0, refunds = 0 } = standing ?? {};
  const kept = charges - refunds;
  // What needs attention is left as it is until a person has looked at it.
  const right = status === 'needs-attention' ? kept === 0 || kept === 1 : kept === (status === 'confirmed' ? 1 : 0);
  if (right && charges <= 1 && refunds <= 1) return [];
  return [`${orderId} is ${status} with ${charges} charges and ${refunds} refunds`];
}

async function wrongStock(
  deployment: Deployment,
  { sku, inStock }: Stocked,
  sent: readonly Sent[],
  standings: readonly Standing[],
): Promise<string[]> {
  const unitsOf = (status: string): number =>
    sent
      .filter((_, index) => standings[index]?.status === status)
      .flatMap(({ order }) => order.items)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  const taken = inStock - (await availableOf(deployment, sku));
  const [least, unclear] = [unitsOf('confirmed'), unitsOf('needs-attention')];
  if (taken >= least && taken <= least + unclear) return [];
  return [`${taken} units were taken, not ${least}${unclear === 0 ? '' : ` to ${least + unclear}`}`];
}
