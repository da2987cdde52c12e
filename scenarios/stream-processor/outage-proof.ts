import type { Reading } from '../../lambda/stream-processor/reading';
import { disturb } from '../shared/faults/disturbed-calls';
import { faultsOf } from '../shared/faults/fault-injector';
import type { Check, ScenarioRun } from '../shared/scenario';
import { readHistory, readSummary, writeAccount, type AccountState } from './accounts';
import { assertWindows } from './assertions';
import { startConsumer } from './consumer';
import { readDeployment, type Deployment } from './deployment';
import { readFailures } from './failures';
import { entryOf, makeReadings } from './readings';
import { runOps } from './run-ops';
import { putEntries } from './stream';

const [readingCount, devices, spreadSeconds] = [30, 3, 60];
/** Versions of each of the two accounts that are written during the outage. */
const versions = [1, 2, 3];
/** Longer than `maximumRecordAgeSeconds`. */
const outageSeconds = 3_700;

/** Lets DynamoDB fail for longer than the age of records; instead of an hour, the poller's clock goes on. */
export const outageProof: Check = {
  name: 'outage',
  title: 'records that an outage makes too old wait in Failures, and a replay leads to the state without an outage',
  needs: 'faults',
  async run(run) {
    const deployment = readDeployment(run);
    const consumer = await run.step('subscribe a consumer', () => startConsumer(run, deployment));
    const readings = makeReadings(run, { count: readingCount, devices, spreadSeconds });
    const changes = [0, 1].flatMap((account) => versions.map((version) => stateOf(run, account, version)));
    const functions = [deployment.aggregateReadings, deployment.projectChanges];
    const restore = await disturb(run, functions, 'dynamodb', { dropped: 1 });
    await run.step('write readings and changes during the outage', async () => {
      await putEntries(deployment, readings.map(entryOf));
      for (const change of changes) await writeAccount(deployment, change);
    });
    await assertDrivenOut(run, deployment, readings.length + changes.length);
    const { dropped } = await restore();
    run.metric('calls that were dropped', dropped);

    const later = await run.step('write more after the outage', async () => {
      const some = makeReadings(run, { count: readingCount, devices, spreadSeconds }).map(asLater);
      await putEntries(deployment, some.map(entryOf));
      await writeAccount(deployment, stateOf(run, 0, 4));
      return some;
    });
    await run.step('wait for the later change', () =>
      run.eventually('version 4', async () => {
        const { version } = (await readSummary(deployment, stateOf(run, 0, 4).accountId)) ?? {};
        return version === 4 ? true : undefined;
      }),
    );
    await run.step('list and replay', async () => {
      await runOps(run, 'replay --dry-run', 1);
      const report = await runOps(run, 'replay');
      const expected = `${readings.length + changes.length} processed, ${versions.length} of them overtaken`;
      run.assert(report.includes(expected), `the report of the replay: ${expected} by the later change`, report);
    });
    run.assertEqual((await readFailures(deployment, run.runId)).length, 0, 'records that are left in Failures');
    await assertWindows(run, deployment, [...readings, ...later]);
    await assertAccounts(run, deployment, [...changes, stateOf(run, 0, 4)]);
    const events = await run.eventually('the events', async () => {
      const seen = await consumer.receive();
      return seen.size > changes.length ? [...seen.keys()] : undefined;
    });
    run.assertEqual(events.length, changes.length + 1, 'changes that a consumer sees once it deduplicates by id');
  },
};

function stateOf(run: ScenarioRun, account: number, version: number): AccountState {
  return { accountId: `${run.runId}-${account}`, version, balance: `${account + 1}${version}.5` };
}

function asLater(reading: Reading): Reading {
  return { ...reading, readingId: `later-${reading.readingId}` };
}

/** Makes the records too old once they have been tried, and waits until they are in Failures. */
async function assertDrivenOut(run: ScenarioRun, deployment: Deployment, count: number): Promise<void> {
  const faults = faultsOf(run);
  run.cleanUp('the clock of the poller', () => faults.setStreamPollerClock(0));
  const failures = await run.step('wait until the records are too old', async () => {
    // Each function has begun its first attempt by then.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await faults.setStreamPollerClock(outageSeconds);
    return run.eventually(`${count} records in Failures`, async () => {
      const found = await readFailures(deployment, run.runId);
      return found.length >= count ? found : undefined;
    });
  });
  await faults.setStreamPollerClock(0);
  run.assertEqual(failures.length, count, 'records in Failures');
  run.assertEqual(
    [...new Set(failures.map(({ condition }) => condition))],
    ['RecordAgeExceeded'],
    'the reason for which they are there',
  );
}

/** The view has the last version of each account, and its history all of them. */
async function assertAccounts(
  run: ScenarioRun,
  deployment: Deployment,
  changes: readonly AccountState[],
): Promise<void> {
  for (const [accountId, states] of Map.groupBy(changes, (change) => change.accountId)) {
    run.assertEqual(await readSummary(deployment, accountId), states.at(-1), `the state of ${accountId} in the view`);
    run.assertEqual(await readHistory(deployment, accountId), states, `the history of ${accountId}`);
  }
}
