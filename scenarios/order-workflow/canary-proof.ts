import type { Check } from '../shared/scenario';
import { readHistory } from '../shared/step-functions';
import { addStock, executionArnOf, invoke, openDeployment, waitForStatus } from './deployment';
import { readAvailableStateMachineLog, readLogLines } from './log-lines';
import { createOrder, placeOrder } from './test-orders';

/** Test number of card networks that cannot be charged. */
const card = '4111111111111111';

export const canaryProof: Check = {
  name: 'canaries',
  expectedErrors: ['InvalidOrderError'],
  title: 'writes no email address, card or payment method to logs or execution histories',
  async run(run) {
    const since = Date.now() - 1_000;
    const deployment = openDeployment(run);
    const sku = await addStock(deployment, 'cherries', 100);
    const email = `canary-${run.runId}@example.com`;
    const method = `pm-canary-${run.runId}`;
    const canary = { customerEmail: email, paymentMethod: method };
    const valid = createOrder(deployment, 'canary', sku, canary);
    await placeOrder(deployment, valid);
    await waitForStatus(deployment, valid.orderId, ['confirmed']);
    const items = [{ sku, quantity: 10, unitPrice: '0' }];
    const invalid = createOrder(deployment, 'canary-invalid', sku, { ...canary, items });
    await placeOrder(deployment, invalid);
    await waitForStatus(deployment, invalid.orderId, ['rejected']);

    const refused = { ...createOrder(deployment, 'canary-card', sku), customerEmail: `${email} `, paymentMethod: card };
    const { error } = await invoke(deployment, 'ReceiveOrderFunctionName', refused);
    run.assertEqual(error?.name, 'InvalidOrderError', 'error for a card number as payment method');
    const named = ['paymentMethod', 'customerEmail'].every((field) => error?.message.includes(field));
    run.assert(named, 'the error names every wrong field', error?.message);
    const conflicting = { ...valid, customerEmail: `other-${email}` };
    const { value } = await invoke(deployment, 'ReceiveOrderFunctionName', conflicting);
    run.assertEqual(value['status'], 'conflict', 'status of different content under the same id');

    const lines = await run.eventually('log lines', async () => {
      const all = await readLogLines(deployment, since);
      const has = (text: string) => all.some((line) => line.includes(text));
      return has(valid.orderId) && has(invalid.orderId) && has('InvalidOrderError') ? all : undefined;
    });
    lines.push(...(await readAvailableStateMachineLog(deployment, since, invalid.orderId)));
    const leaks = (texts: readonly string[]) =>
      texts.filter((text) => [email, method, card].some((one) => text.includes(one)));
    run.assertEqual(leaks(lines).length, 0, `log lines with personal data, of ${lines.length}`);
    const histories = [valid, invalid].map(({ orderId }) =>
      readHistory(deployment.sfn, executionArnOf(run, orderId), true),
    );
    const events = (await Promise.all(histories)).flat().map((event) => JSON.stringify(event));
    run.assert(events.length > 0, 'the executions have a history');
    run.assertEqual(leaks(events).length, 0, `history events with personal data, of ${events.length}`);
    run.metric('log lines read', lines.length);
  },
};
