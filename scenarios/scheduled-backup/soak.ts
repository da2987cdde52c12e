import { disturbances } from '../shared/faults/disturbed-calls';
import { kills } from '../shared/faults/kills';
import { repeatedFault } from '../shared/faults/repeated-fault';
import type { ScenarioRun, Soak, WorkOutcome } from '../shared/scenario';
import { functionsCalledBy } from '../shared/step-functions';
import { ended, startBackup, stopExecution } from './executions';
import { readManifest } from './manifests';
import { open, putNumbered, type Opening } from './opening';
import { differences, printOf, printsUnder, type Print } from './source-objects';

const number = 40;
/** More days than a round backs up. */
const dayCount = 30;
/** A backup whose steps fail for longer than they try is started again, by whoever reads its alarm. */
const mostStarts = 6;

/** Backups of one day after the other, each started again until it is complete. */
export const soak: Soak = {
  units: 'objects',
  async open(run) {
    const opening = open(run, [...Array(dayCount).keys()]);
    const { from } = opening;
    const objects = await putNumbered(run, opening, number, (index) => 1_000 + index);
    const expected = new Map(objects.map((object) => [object.key, printOf(object)]));
    const functions = await functionsCalledBy(from.stepFunctions, from.backupMachine);
    const begun: string[] = [];
    let going: string | undefined;
    return {
      faults: [
        kills(functions),
        disturbances(functions, ['s3']),
        repeatedFault({
          fault: 'interrupted-run',
          title: 'backups that are cut off',
          everyMilliseconds: 3_000,
          inject: async () => (going !== undefined && (await stopExecution(from, going)) ? 1 : 0),
        }),
      ],
      async work() {
        const day = opening.days[begun.length];
        if (day === undefined) throw new Error(`${dayCount} days are too few for a round`);
        begun.push(day);
        for (let start = 1; start <= mostStarts; start += 1) {
          going = await startBackup(from, day);
          const { status } = await ended(run, from, going);
          going = undefined;
          if (status === 'SUCCEEDED') return;
        }
      },
      verify: () => verify(run, opening, begun, expected),
    };
  },
};

/** Starts what is not complete once more, now that nothing is in its way, and compares every copy with its source. */
export async function verify(
  run: ScenarioRun,
  { from, prefix }: Opening,
  days: readonly string[],
  expected: ReadonlyMap<string, Print>,
): Promise<WorkOutcome> {
  const lost: string[] = [];
  const duplicated: string[] = [];
  for (const day of days) {
    const { status, error } = await ended(run, from, await startBackup(from, day));
    if (status !== 'SUCCEEDED') {
      lost.push(`${day}: ${error ?? status ?? ''}`);
      continue;
    }
    const { summary, entries } = await readManifest(from, day, prefix);
    const wrong = differences(expected, await printsUnder(from.s3, from.backupBucket, `${day}/${prefix}`, `${day}/`));
    if (wrong !== '' || summary.status !== 'complete') lost.push(`${day}: ${summary.status}, ${wrong}`);
    const keys = new Set(entries.map(({ key }) => key));
    if (keys.size !== expected.size) lost.push(`${day}: ${keys.size} objects in the manifest`);
    if (entries.length !== keys.size) duplicated.push(`${day}: ${entries.length} entries of ${keys.size} objects`);
  }
  run.metric('backups', days.length);
  return { placed: days.length * expected.size, lost, duplicated };
}
