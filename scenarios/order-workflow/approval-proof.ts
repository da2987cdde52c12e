import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Check } from '../shared/scenario';
import { shortenApprovals, tokenOf } from './approvals';
import {
  awaitStatus,
  decideOn,
  executionArnOf,
  invoke,
  openDeployment,
  orderOf,
  place,
  stock,
  type Deployment,
  type Placed,
} from './deployment';
import { listen } from './listening';
import { logLines, machineLogLines } from './log-lines';
import { historyOf } from './machine';

function large(deployment: Deployment, name: string, sku: string, more: Partial<Placed> = {}): Placed {
  return orderOf(deployment, name, sku, { items: [{ sku, quantity: 11, unitPrice: '1.00' }], ...more });
}

export const approvalProof: Check = {
  name: 'approvals',
  title: 'an approval is decided once, in time, by somebody else, and its token is nowhere but in the table',
  async run(run) {
    const since = Date.now() - 1_000;
    const deployment = openDeployment(run);
    const sku = await stock(deployment, 'plums', 1_000);
    const heard = await listen(run);
    const answer = async (order: Placed, decision: string, approver?: string): Promise<unknown> =>
      (await decideOn(deployment, order.orderId, decision, approver)).value['status'];
    const holds = (found: unknown, wanted: string, claim: string) =>
      run.assert(found === wanted, `${claim}: ${wanted}`, String(found));

    const order = large(deployment, 'once', sku);
    holds(await answer(order, 'approve'), 'not found', 'an order that nobody asked about');
    await place(deployment, order);
    const tokens = [await tokenOf(deployment, order.orderId)];
    holds(await answer(order, 'approve', order.customerId), 'forbidden', "the customer's own id");
    // The more there are, the likelier it is that two of them meet.
    const approvers = Array.from({ length: 8 }, (_, index) => `a-${index}`);
    const all = await Promise.all(approvers.map((approver) => answer(order, 'approve', approver)));
    const [decided, told] = ['approved', 'already decided'].map((one) => all.filter((other) => other === one).length);
    run.assert(decided === 1, 'of eight at once one decides', all.join(', '));
    run.assert(told === 7, 'and the others are told so', all.join(', '));
    holds(await answer(order, 'reject'), 'already decided', 'once more, the other way');
    const { status, charges } = await awaitStatus(deployment, order.orderId, ['confirmed', 'rejected', 'failed']);
    run.assert(status === 'confirmed' && charges === 1, 'the order went on once', `${status}, ${charges} charges`);

    await run.step('too late', async () => {
      const restore = await shortenApprovals(deployment, 3);
      const late = large(deployment, 'late', sku);
      await place(deployment, late);
      tokens.push(await tokenOf(deployment, late.orderId));
      await awaitStatus(deployment, late.orderId, ['rejected']);
      await restore();
      holds(await answer(late, 'approve'), 'expired', 'after the timeout');
      const after = await awaitStatus(deployment, late.orderId, ['rejected']);
      run.assert(after.charges === 0, 'and nothing was charged');
    });
    await run.step('an execution that is ended by hand', async () => {
      const ended = large(deployment, 'aborted', sku);
      await place(deployment, ended);
      tokens.push(await tokenOf(deployment, ended.orderId));
      await deployment.sfn.send(new StopExecutionCommand({ executionArn: executionArnOf(run, ended.orderId) }));
      await awaitStatus(deployment, ended.orderId, ['needs-attention']);
      run.assert(true, 'leaves its order needs-attention');
    });
    await run.step('look for tokens', async () => {
      const messages = await run.eventually('messages and events', async () => {
        const all = await heard();
        return all.some((one) => one.includes('OrderConfirmed')) && all.length >= 5 ? all : undefined;
      });
      const lines = await run.eventually('log lines', async () => {
        const all = await logLines(deployment, since);
        return all.some((line) => line.includes(order.orderId)) ? all : undefined;
      });
      const ofMachine = await machineLines(deployment, since, order.orderId);
      const leaked = [...messages, ...lines, ...ofMachine].filter((text) =>
        tokens.some((token) => text.includes(token)),
      );
      run.assert(leaked.length === 0, 'no token is in a message, an event or a log line', `${leaked.length} hold one`);
      run.metric('messages and events read', messages.length);
      run.metric('log lines read', lines.length);
    });
  },
};

/** What the state machine's log says, once it speaks of an order; nothing where the target writes no such log. */
async function machineLines(deployment: Deployment, since: number, orderId: string): Promise<string[]> {
  const { run } = deployment;
  const lines = await run.eventually("the state machine's log", async () => {
    const all = await machineLogLines(deployment, since);
    return all === undefined || all.some((line) => line.includes(orderId)) ? { all } : undefined;
  });
  if (lines.all === undefined)
    run.log('this target writes no log of state machines: the test of the template holds it');
  run.metric("lines of the state machine's log read", lines.all?.length ?? 0);
  return lines.all ?? [];
}

/** A test number of card networks that charges nothing. */
const card = '4111111111111111';

export const canaryProof: Check = {
  name: 'canaries',
  title: 'no log line holds an e-mail address, a card or a payment method',
  async run(run) {
    const since = Date.now() - 1_000;
    const deployment = openDeployment(run);
    const sku = await stock(deployment, 'cherries', 100);
    const email = `canary-${run.runId}@example.com`;
    const method = `pm-canary-${run.runId}`;
    const canary = { customerEmail: email, paymentMethod: method };
    const good = orderOf(deployment, 'canary', sku, canary);
    await place(deployment, good);
    await awaitStatus(deployment, good.orderId, ['confirmed']);
    const short = orderOf(deployment, 'canary-short', sku, {
      ...canary,
      items: [{ sku, quantity: 10, unitPrice: '0' }],
    });
    await place(deployment, short);
    await awaitStatus(deployment, short.orderId, ['rejected']);

    const asked = { ...orderOf(deployment, 'canary-card', sku), customerEmail: `${email} `, paymentMethod: card };
    const { error } = await invoke(deployment, 'ReceiveOrderFunctionName', asked);
    run.assert(error?.name === 'InvalidOrder', 'a card in place of a payment method is refused', error?.name);
    const named = ['paymentMethod', 'customerEmail'].every((field) => error?.message.includes(field));
    run.assert(named, 'every wrong field is named', error?.message);
    const conflicting = { ...good, customerEmail: `other-${email}` };
    const { value } = await invoke(deployment, 'ReceiveOrderFunctionName', conflicting);
    run.assert(value['status'] === 'conflict', 'another order under the same id is a conflict', JSON.stringify(value));

    const lines = await run.eventually('the log lines', async () => {
      const all = await logLines(deployment, since);
      const has = (text: string) => all.some((line) => line.includes(text));
      return has(good.orderId) && has(short.orderId) && has('InvalidOrder') ? all : undefined;
    });
    lines.push(...(await machineLines(deployment, since, short.orderId)));
    const holding = (texts: readonly string[]) =>
      texts.filter((text) => [email, method, card].some((one) => text.includes(one)));
    const leaked = holding(lines);
    run.assert(leaked.length === 0, 'no line holds one of them', `${leaked.length} of ${lines.length} do`);
    const events = (
      await Promise.all([good, short].map(({ orderId }) => historyOf(run, deployment.sfn, orderId)))
    ).flat();
    run.assert(
      events.length > 0 && holding(events).length === 0,
      'nor does the history of an execution, which is what its log is made of',
      `${holding(events).length} of ${events.length} events do`,
    );
    run.metric('log lines read', lines.length);
  },
};
