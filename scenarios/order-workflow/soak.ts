import pMap from 'p-map';
import { setTimeout as sleep } from 'node:timers/promises';
import { disturbances } from '../shared/faults/disturbed-calls';
import { kills } from '../shared/faults/kills';
import { repeatedFault } from '../shared/faults/repeated-fault';
import type { Soak, WorkOutcome } from '../shared/scenario';
import { functionsCalledBy } from '../shared/step-functions';
import {
  addStock,
  openDeployment,
  readOrderState,
  readStock,
  terminalStatuses,
  waitForStatus,
  type Deployment,
  type OrderState,
} from './deployment';
import { createOrder, sendOrder, type TestOrder } from './test-orders';

const unitsInStock = 100_000;
const ordersAtOnce = 3;
const paymentMethods = ['pm-visa', 'pm-visa', 'pm-declined', 'pm-timeout-once', 'pm-slow', 'pm-crash-once'];

export interface StockedSku {
  readonly sku: string;
  /** Units before the first order. */
  readonly inStock: number;
}

export interface SentOrder {
  readonly order: TestOrder;
  /** Whether ReceiveOrder answered `received`. */
  readonly received: boolean;
}

/** Orders with all payment methods, from callers that retry. */
export const soak: Soak = {
  units: 'orders',
  async open(run) {
    const deployment = openDeployment(run);
    const sku = await addStock(deployment, 'soak', unitsInStock);
    const functions = await workflowFunctions(deployment);
    const sent: SentOrder[] = [];
    return {
      faults: [
        kills(functions),
        disturbances(functions, ['dynamodb', 'states', 'sns']),
        repeatedFault({
          fault: 'duplicate-delivery',
          title: 'repeated orders',
          everyMilliseconds: 2_000,
          async inject(_run, rng) {
            const again = sent[Math.floor(rng.random() * sent.length)];
            if (again === undefined) return 0;
            await sendOrder(deployment, again.order);
            return 1;
          },
        }),
      ],
      async work() {
        const methods = Array.from(
          { length: ordersAtOnce },
          () => paymentMethods[Math.floor(run.random() * paymentMethods.length)] ?? '',
        );
        sent.push(...(await Promise.all(methods.map((method) => sendNewOrder(deployment, sku, method)))));
        await sleep(500);
      },
      verify: () => verifyOrders(deployment, { sku, inStock: unitsInStock }, sent),
    };
  },
};

/** Names of ReceiveOrder and of the functions that the state machine invokes. */
export async function workflowFunctions({ run, sfn }: Deployment): Promise<string[]> {
  const steps = await functionsCalledBy(sfn, run.output('OrderStateMachineArn'));
  return [run.output('ReceiveOrderFunctionName'), ...steps];
}

export async function sendNewOrder(deployment: Deployment, sku: string, paymentMethod: string): Promise<SentOrder> {
  const order = createOrder(deployment, `order-${deployment.orderIds.size}`, sku, { paymentMethod });
  const { value } = await sendOrder(deployment, order);
  return { order, received: value['status'] === 'received' };
}

/** Waits for a terminal status of every order, and compares charges, refunds and stock with the statuses. */
export async function verifyOrders(
  deployment: Deployment,
  stocked: StockedSku,
  sent: readonly SentOrder[],
): Promise<WorkOutcome> {
  const states = await pMap(sent, (one) => finalState(deployment, one), { concurrency: 8 });
  const lost = sent.flatMap(({ order }, index) => {
    const status = states[index]?.status ?? '';
    return [...terminalStatuses, 'absent'].includes(status) ? [] : [`${order.orderId} is ${status}`];
  });
  const wrongCharges = sent.flatMap(({ order }, index) => findWrongCharges(order, states[index]));
  for (const status of terminalStatuses) {
    deployment.run.metric(status, states.filter((one) => one.status === status).length, 'orders');
  }
  const wrongStock = await findWrongStock(deployment, stocked, sent, states);
  return { placed: sent.length, lost, duplicated: [...wrongCharges, ...wrongStock] };
}

/** An order whose receipt was never confirmed to its caller may be absent. */
async function finalState(deployment: Deployment, { order, received }: SentOrder): Promise<OrderState> {
  const { orderId } = order;
  const state = await readOrderState(deployment, orderId);
  if (state.status === 'none' && !received) return { ...state, status: 'absent' };
  try {
    return await waitForStatus(deployment, orderId);
  } catch {
    return readOrderState(deployment, orderId);
  }
}

function findWrongCharges({ orderId }: TestOrder, state: OrderState | undefined): string[] {
  const { status = '', charges = 0, refunds = 0 } = state ?? {};
  const kept = charges - refunds;
  // An order that needs attention may be charged until an operator has repaired it.
  const right = status === 'needs-attention' ? kept === 0 || kept === 1 : kept === (status === 'confirmed' ? 1 : 0);
  if (right && charges <= 1 && refunds <= 1) return [];
  return [`${orderId} is ${status} with ${charges} charges and ${refunds} refunds`];
}

async function findWrongStock(
  deployment: Deployment,
  { sku, inStock }: StockedSku,
  sent: readonly SentOrder[],
  states: readonly OrderState[],
): Promise<string[]> {
  const unitsWith = (status: string): number =>
    sent
      .filter((_, index) => states[index]?.status === status)
      .flatMap(({ order }) => order.items)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  const reserved = inStock - (await readStock(deployment, sku));
  const [minimum, uncertain] = [unitsWith('confirmed'), unitsWith('needs-attention')];
  if (reserved >= minimum && reserved <= minimum + uncertain) return [];
  const range = uncertain === 0 ? '' : ` to ${minimum + uncertain}`;
  return [`expected ${minimum}${range} units reserved, got ${reserved}`];
}
