import pMap from 'p-map';
import { redriveDeadLetters, type RedriveResult } from '../../operations/queue-processor/redrive-dead-letters';
import type { RedriveRequest } from '../../lambda/queue-processor/redrive-request';
import { runCommand } from '../shared/runbook-commands';
import { shuffled } from '../shared/faults/reordering';
import type { Check, ScenarioRun } from '../shared/scenario';
import { assertAllFulfilled, assertDeadLetters, assertExactlyOnce } from './assertions';
import { malformedMessages, placeOrders } from './orders';
import { messagesIn } from '../shared/queue-messages';
import { awaitEmptyQueue } from './queues';
import { OrderFixture } from './order-fixture';

const count = 20;

export const redriveProof: Check = {
  name: 'redrive',
  expectedErrors: 'all',
  title: 'dead letters have their reasons, and once the cause is fixed a redrive fulfils exactly those it can',
  async run(run) {
    const fixture = await OrderFixture.create(run, [1_000, 1_000, 1_000]);
    await assertNoDeadLetters(fixture);
    const orders = placeOrders(run, count, fixture.skus);
    const malformed = malformedMessages(run, count);
    // Every second one has a group, which a standard queue takes and a redrive has to send on.
    const claimChecks = orders.map((order, index) => ({
      ...fixture.claimCheck(order),
      ...(index % 2 === 0 ? { fairGroup: order.customerId } : {}),
    }));
    await run.step('send messages that cannot be processed', () =>
      fixture.send(shuffled(run, [...claimChecks, ...malformed])),
    );
    await run.step('wait for the dead letters', () => awaitDeadLetters(run, fixture, 2 * count));
    const before = await run.step('dry run', () => redrive(run, fixture, { dryRun: true }));
    run.assertEqual(before.reasons, { 'payload-missing': count, malformed: count }, 'the dry run counts the reasons');
    const listed = await operate(run, 'redrive --dry-run');
    run.assert(new RegExp(`payload-missing +${count}`).test(listed), 'the command lists the reasons', listed);

    await run.step('fix the cause: put the payloads', () =>
      pMap(orders, (order) => fixture.putPayload(order), { concurrency: 8 }),
    );
    await run.step('redrive those of one reason, then all', async () => {
      await operate(run, 'redrive --reason payload-missing --max 100 --per-second 5');
      await awaitDeadLetters(run, fixture, count);
      await operate(run, 'redrive');
    });
    const decided = await run.step('wait for the fulfilments', () => fixture.awaitFulfilments(orders));
    await run.step('wait until the malformed ones are dead letters again', () => awaitDeadLetters(run, fixture, count));
    await run.step('wait until the queue is empty', () => awaitEmptyQueue(run, fixture.deployment));
    assertAllFulfilled(run, decided);
    await assertExactlyOnce(run, fixture, orders, decided);
    assertDeadLetters(run, await fixture.deadLetterBodies(), malformed);
    const after = await run.step('dry run again', () => redrive(run, fixture, { dryRun: true }));
    run.assertEqual(after.reasons, { malformed: count }, 'their reason is the same');
  },
};

/** Runs a command of the runbook. */
function operate(run: ScenarioRun, command: string): Promise<string> {
  return runCommand(run, 'queue-processor', `npm run ops -- queue-processor ${command}`);
}

/** A redrive of all would also send the dead letters of others. */
async function assertNoDeadLetters({ deployment }: OrderFixture): Promise<void> {
  const found = await messagesIn(deployment, deployment.deadLetterQueueUrl);
  if (found > 0) throw new Error(`the dead-letter queue has ${found} other messages: redrive or delete them first`);
}

async function awaitDeadLetters(run: ScenarioRun, fixture: OrderFixture, expected: number): Promise<void> {
  await run.eventually(
    `${expected} dead letters`,
    async () => {
      const found = await messagesIn(fixture.deployment, fixture.deployment.deadLetterQueueUrl);
      if (found === expected) return true;
      throw new Error(`got ${found}`);
    },
    { withinSeconds: 900, everyMilliseconds: 1_000 },
  );
  // Records their ids, so that the clean-up deletes their reasons.
  await fixture.deadLetterBodies();
}

async function redrive(
  run: ScenarioRun,
  fixture: OrderFixture,
  request: Partial<RedriveRequest>,
): Promise<RedriveResult> {
  const { lambda, redriveFunctionName: functionName } = fixture.deployment;
  const result = await redriveDeadLetters({ lambda, functionName, request });
  if (result.error !== undefined) throw result.error;
  run.assert(!result.stopped, 'the redrive ends by itself');
  return result;
}
