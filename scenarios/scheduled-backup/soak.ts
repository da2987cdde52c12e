import { disturbances } from '../shared/faults/disturbed-calls';
import { kills } from '../shared/faults/kills';
import { repeatedFault } from '../shared/faults/repeated-fault';
import type { ScenarioRun, Soak, WorkOutcome } from '../shared/scenario';
import { functionsCalledBy } from '../shared/step-functions';
import { waitForEnd, startBackup, stopExecution } from './executions';
import { readManifest } from './manifests';
import { prepare, putNumbered, type Fixture } from './fixture';
import { differences, fingerprintOf, fingerprintsUnder, type Fingerprint } from './source-objects';

const objectCount = 40;
/** Days of a round, more than it backs up. */
const dayCount = 30;
/** Starts of one day: a backup whose steps fail in all attempts is started again, as a person does who reads the alarm. */
const maxStarts = 6;

/** Backs up one day after the other, and starts each again until it is complete. */
export const soak: Soak = {
  units: 'objects',
  async open(run) {
    const fixture = prepare(run, [...Array(dayCount).keys()]);
    const { deployment } = fixture;
    const objects = await putNumbered(run, fixture, objectCount, (index) => 1_000 + index);
    const expected = new Map(objects.map((object) => [object.key, fingerprintOf(object)]));
    const functions = await functionsCalledBy(deployment.stepFunctions, deployment.backupMachine);
    const started: string[] = [];
    let running: string | undefined;
    return {
      faults: [
        kills(functions),
        disturbances(functions, ['s3']),
        repeatedFault({
          fault: 'interrupted-run',
          title: 'interrupted backups',
          everyMilliseconds: 3_000,
          inject: async () => (running !== undefined && (await stopExecution(deployment, running)) ? 1 : 0),
        }),
      ],
      async work() {
        const day = fixture.days[started.length];
        if (day === undefined) throw new Error(`${dayCount} days are too few for a round`);
        started.push(day);
        for (let start = 1; start <= maxStarts; start += 1) {
          running = await startBackup(deployment, day);
          const { status } = await waitForEnd(run, deployment, running);
          running = undefined;
          if (status === 'SUCCEEDED') return;
        }
      },
      verify: () => verify(run, fixture, started, expected),
    };
  },
};

/** Starts each day once more without faults, which finishes incomplete ones, and compares every copy with its source. */
export async function verify(
  run: ScenarioRun,
  { deployment, prefix }: Fixture,
  days: readonly string[],
  expected: ReadonlyMap<string, Fingerprint>,
): Promise<WorkOutcome> {
  const lost: string[] = [];
  const duplicated: string[] = [];
  for (const day of days) {
    const { status, error } = await waitForEnd(run, deployment, await startBackup(deployment, day));
    if (status !== 'SUCCEEDED') {
      lost.push(`${day}: ${error ?? status ?? ''}`);
      continue;
    }
    const { summary, entries } = await readManifest(deployment, day, prefix);
    const different = differences(
      expected,
      await fingerprintsUnder(deployment.s3, deployment.backupBucket, `${day}/${prefix}`, `${day}/`),
    );
    if (different !== '' || summary.status !== 'complete') lost.push(`${day}: ${summary.status}, ${different}`);
    const keys = new Set(entries.map(({ key }) => key));
    if (keys.size !== expected.size) lost.push(`${day}: ${keys.size} objects in the manifest`);
    if (entries.length !== keys.size) duplicated.push(`${day}: ${entries.length} entries of ${keys.size} objects`);
  }
  run.metric('backups', days.length);
  return { placed: days.length * expected.size, lost, duplicated };
}
