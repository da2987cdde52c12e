import { replay } from '../../operations/stream-processor/replay-command';
import { StreamDeployment } from '../../operations/stream-processor/stream-deployment';
import type { Reading } from '../../lambda/stream-processor/reading';
import { assertDisturbed, disturb, recordCalls } from '../shared/faults/disturbed-calls';
import { killAlong } from '../shared/faults/kills';
import type { Check, ScenarioRun } from '../shared/scenario';
import { assertWindows } from './assertions';
import { readDeployment } from './deployment';
import { readFailures } from './failures';
import { entryOf, makeReadings } from './readings';
import { putEntries } from './stream';
import { countIn, readWindows } from './windows';

const devices = 10;
const spreadSeconds = 60;

export const killedWorkersProof: Check = {
  name: 'killed-workers',
  title: 'workers that are killed in the middle of a batch lose no reading and count none twice',
  needs: 'faults',
  async run(run) {
    const kills = 12;
    const deployment = readDeployment(run);
    const readings = makeReadings(run, { count: 0, devices, spreadSeconds });
    const more = async (): Promise<void> => {
      const some = makeReadings(run, { count: 40, devices, spreadSeconds }).map((one, index) => ({
        ...one,
        readingId: String(readings.length + index),
      }));
      readings.push(...some);
      await putEntries(deployment, some.map(entryOf));
    };
    const killed = await run.step(`kill at least ${kills} workers`, () =>
      killAlong(run, deployment.aggregateReadings, { kills, longestPause: 400 }, more),
    );
    await assertWithReplay(run, readings);
    run.metric('workers killed', killed);
    run.metric('readings', readings.length);
  },
};

export const disturbedCallsProof: Check = {
  name: 'disturbed-calls',
  title:
    'throttled calls, and connections that break before a call or its answer, lose no reading and count none twice',
  needs: 'faults',
  async run(run) {
    const deployment = readDeployment(run);
    const functions = [deployment.aggregateReadings];
    const readings = makeReadings(run, { count: 300, devices, spreadSeconds });
    const table = await disturb(run, functions, 'dynamodb', { throttled: 0.15, dropped: 0.1, unanswered: 0.1 });
    const bucket = await disturb(run, functions, 's3', { throttled: 0.4, dropped: 0.3 });
    await run.step(`write ${readings.length} readings`, async () => {
      // In several batches, each of which writes to the archive.
      for (let start = 0; start < readings.length; start += 10) {
        await putEntries(deployment, readings.slice(start, start + 10).map(entryOf));
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
    });
    await assertWithReplay(run, readings);
    assertDisturbed(run, 'dynamodb', await table(), ['throttled', 'dropped', 'unanswered']);
    const archiving = await bucket();
    recordCalls(run, 's3', archiving);
    run.assert(
      archiving.throttled + archiving.dropped > 0,
      'some calls to the archive failed',
      JSON.stringify(archiving),
    );
  },
};

/** Waits for the windows; what many kills or a long outage drove out is replayed. */
async function assertWithReplay(run: ScenarioRun, readings: readonly Reading[]): Promise<void> {
  const deployment = readDeployment(run);
  const devicesOfRun = [...new Set(readings.map(({ deviceId }) => deviceId))];
  const driven = await run.step('wait until each reading is in its window or in Failures', () =>
    run.eventually(`${readings.length} readings`, async () => {
      const failed = new Set((await readFailures(deployment, run.runId)).map(({ data }) => data));
      const count = countIn(await readWindows(deployment, devicesOfRun));
      if (count + failed.size < readings.length) throw new Error(`${count} in windows, ${failed.size} in Failures`);
      return failed.size;
    }),
  );
  run.metric('readings replayed', driven);
  if (driven > 0) await replayAll(run);
  await assertWindows(run, deployment, readings);
}

/** Runs `ops replay` on what is in Failures; returns its exit code. */
export function replayAll(run: ScenarioRun): Promise<number> {
  const log = (line: string): void => run.log(line);
  return run.step('replay', () => replay(new StreamDeployment((name) => run.output(name)), false, { log, error: log }));
}
