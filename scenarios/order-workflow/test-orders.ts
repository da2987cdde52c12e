import { setTimeout as sleep } from 'node:timers/promises';
import { invoke, type Deployment, type InvocationResult } from './deployment';

export interface TestOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly customerEmail: string;
  readonly paymentMethod: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number; readonly unitPrice: string }[];
  readonly currency: string;
}

/** An order with an id of the check: two units of one SKU at 12.50, paid with `pm-visa`. */
export function createOrder(
  { run, orderIds }: Deployment,
  name: string,
  sku: string,
  more: Partial<TestOrder> = {},
): TestOrder {
  const orderId = `${run.runId}-${name}`;
  orderIds.add(orderId);
  return {
    orderId,
    customerId: `c-${run.runId}`,
    customerEmail: `${run.runId}@example.com`,
    paymentMethod: 'pm-visa',
    items: [{ sku, quantity: 2, unitPrice: '12.50' }],
    currency: 'EUR',
    ...more,
  };
}

/** An order that needs approval: 11 units of one SKU. */
export function createLargeOrder(
  deployment: Deployment,
  name: string,
  sku: string,
  more: Partial<TestOrder> = {},
): TestOrder {
  return createOrder(deployment, name, sku, { items: [{ sku, quantity: 11, unitPrice: '1.00' }], ...more });
}

/** Attempts of a caller; under load a table may answer too late. */
const maximumAttempts = 5;

/** Sends an order, and again after an error, which is safe because it has the same id. */
export async function sendOrder(
  deployment: Deployment,
  order: TestOrder,
): Promise<InvocationResult & { readonly retries: number }> {
  for (let retries = 0; ; retries += 1) {
    const result = await invoke(deployment, 'ReceiveOrderFunctionName', order);
    if (result.error === undefined || retries + 1 === maximumAttempts) return { ...result, retries };
    await sleep(500 * 2 ** retries);
  }
}

/** @throws Error if the order is not received */
export async function placeOrder(deployment: Deployment, order: TestOrder): Promise<void> {
  const { value, error } = await sendOrder(deployment, order);
  if (value['status'] !== 'received') {
    throw new Error(`order ${order.orderId} was not received: ${error?.message ?? JSON.stringify(value)}`);
  }
}

export function decide(
  deployment: Deployment,
  orderId: string,
  decision: string,
  approver = 'a-1',
): Promise<InvocationResult> {
  return invoke(deployment, 'DecideApprovalFunctionName', { orderId, decision, approver, comment: 'by the scenario' });
}
