import { redriveDeadLetters, type RedriveResult } from '../../operations/queue-processor/redrive-dead-letters';
import type { RedriveRequest } from '../../lambda/queue-processor/redrive-request';
import { inLanes } from '../shared/in-lanes';
import { shuffled } from '../shared/faults/reordering';
import type { Check, ScenarioRun } from '../shared/scenario';
import { assertAllFulfilled, assertExact } from './exactness';
import { malformedMessages, placeOrders } from './orders';
import { awaitEmptyQueue, messagesIn } from './queues';
import { Shop } from './shop';

const count = 20;

export const redriveProof: Check = {
  name: 'redrive',
  title: 'messages that are set aside tell why, and once the cause is mended a redrive fulfils exactly those it can',
  async run(run) {
    const shop = await Shop.open(run, [1_000, 1_000, 1_000]);
    await refuseStrangers(shop);
    const orders = placeOrders(run, count, shop.skus);
    const malformed = malformedMessages(run, count);
    const claimChecks = orders.map((order) => shop.claimCheck(order));
    await run.step('send what cannot be fulfilled', () => shop.send(shuffled(run, [...claimChecks, ...malformed])));
    await run.step('wait until all of it is set aside', () => awaitDeadLetters(run, shop, 2 * count));
    const before = await run.step('ask why', () => redrive(run, shop, { dryRun: true }));
    assertReasons(run, before, { 'payload-missing': count, malformed: count }, 'the reasons are told');

    await run.step('mend the cause: put the payloads', () => inLanes(orders, 8, (order) => shop.putPayload(order)));
    const sent = await run.step('redrive all', () => redrive(run, shop, {}));
    run.assert(sent.sent === 2 * count, `${2 * count} messages are sent back`, `${sent.sent} were`);
    const decided = await run.step('wait for the fulfilments', () => shop.decided(orders));
    await run.step('wait for the malformed to come back', () => awaitDeadLetters(run, shop, count));
    await run.step('wait until nothing is left in the queue', () => awaitEmptyQueue(run, shop.deployment));
    assertAllFulfilled(run, decided);
    await assertExact(run, shop, orders, decided);
    const setAside = await shop.setAside();
    const expected = malformed.map(({ body }) => body).sort();
    run.assert(JSON.stringify(setAside) === JSON.stringify(expected), 'the malformed are back, and nothing else');
    const after = await run.step('ask why once more', () => redrive(run, shop, { dryRun: true }));
    assertReasons(run, after, { malformed: count }, 'their reason is the same');
  },
};

/** A redrive of all would send other people's messages back too. */
async function refuseStrangers({ deployment }: Shop): Promise<void> {
  const found = await messagesIn(deployment, deployment.deadLetterQueueUrl);
  if (found > 0)
    throw new Error(`the dead-letter queue holds ${found} messages of others: redrive or remove them first`);
}

async function awaitDeadLetters(run: ScenarioRun, shop: Shop, expected: number): Promise<void> {
  await run.eventually(
    `${expected} dead letters`,
    async () => {
      const found = await messagesIn(shop.deployment, shop.deployment.deadLetterQueueUrl);
      if (found === expected) return true;
      throw new Error(`there are ${found}`);
    },
    { withinSeconds: 900, everyMilliseconds: 1_000 },
  );
  // So that the reasons of their messages are tidied up as well.
  await shop.setAside();
}

async function redrive(run: ScenarioRun, shop: Shop, request: Partial<RedriveRequest>): Promise<RedriveResult> {
  const { lambda, redriveFunctionName: functionName } = shop.deployment;
  const result = await redriveDeadLetters({ lambda, functionName, request });
  if (result.error !== undefined) throw result.error;
  run.assert(!result.stopped, 'the redrive ends by itself');
  return result;
}

function assertReasons(run: ScenarioRun, result: RedriveResult, expected: Record<string, number>, claim: string): void {
  const names = Object.keys({ ...result.reasons, ...expected });
  const told = names.map((name) => `${name} ${result.reasons[name] ?? 0}`).join(', ');
  run.assert(
    names.every((name) => result.reasons[name] === expected[name]),
    claim,
    told,
  );
}
