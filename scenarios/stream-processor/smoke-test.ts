import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { Check, ScenarioRun } from '../shared/scenario';
import { readSummary, writeAccount } from './accounts';
import { startConsumer } from './consumer';
import { readDeployment, type Deployment } from './deployment';
import { expectedWindows, readWindows } from './windows';

const windowSeconds = 60;
const readingsEach = 20;
const versions = [1, 2, 3];

/** Records readings of two devices, changes an account, and checks windows and view. */
export const smokeTest: Check = {
  name: 'windows-and-view',
  title: 'readings of two devices are in their windows to the last digit, an account in its view and in events',
  async run(run) {
    const deployment = readDeployment(run);
    const devices = [`${run.runId}-1`, `${run.runId}-2`];
    const now = Date.now();
    const readings = devices.flatMap((deviceId) =>
      Array.from({ length: readingsEach }, (_, index) => ({
        deviceId,
        readingId: String(index),
        takenAt: new Date(now - index * 10_000).toISOString(),
        value: `${Math.floor(run.random() * 1_000)}.1`,
      })),
    );
    await run.step(`record ${readings.length} readings`, () => record(run, deployment, readings));
    const consumer = await run.step('subscribe a consumer', () => startConsumer(run, deployment));
    await run.step('change an account', async () => {
      for (const version of versions)
        await writeAccount(deployment, { accountId: run.runId, version, balance: `${version}.05` });
    });
    const expected = expectedWindows(readings, windowSeconds);
    const windows = await run.step('wait for the windows', () =>
      run.eventually('the windows', async () => {
        const found = await readWindows(deployment, devices);
        return JSON.stringify(sorted(found)) === JSON.stringify(sorted(expected)) ? found : undefined;
      }),
    );
    run.assertEqual(windows, expected, 'count, sum, least and largest value of each window');
    const summary = await run.step('wait for the view', () =>
      run.eventually('version 3', async () => {
        const found = await readSummary(deployment, run.runId);
        return found?.version === 3 ? found : undefined;
      }),
    );
    run.assertEqual(summary.balance, '3.05', 'the balance in the view');
    const events = await run.step('wait for the events', () =>
      run.eventually('an event of each version', async () => {
        const seen = await consumer.receive();
        return seen.size >= versions.length ? [...seen.values()] : undefined;
      }),
    );
    run.assertEqual(
      events.map(({ version }) => version).sort((one, other) => one - other),
      versions,
      'the versions in the events',
    );
  },
};

async function record(
  run: ScenarioRun,
  { lambda, recordReading }: Deployment,
  readings: readonly object[],
): Promise<void> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: recordReading, Payload: JSON.stringify({ readings }) }),
  );
  run.assertEqual(FunctionError, undefined, 'the error of RecordReading');
  run.assertEqual(JSON.parse(Buffer.from(Payload ?? []).toString()), { recorded: readings.length }, 'the answer');
}

function sorted(windows: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(windows).sort(([one], [other]) => (one < other ? -1 : 1));
}
