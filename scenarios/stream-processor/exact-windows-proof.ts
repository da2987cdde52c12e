import { repeats } from '../shared/faults/duplicates';
import { shuffled } from '../shared/faults/reordering';
import type { Check } from '../shared/scenario';
import { readArchive } from './archive';
import { assertWindows } from './assertions';
import { readDeployment } from './deployment';
import { readFailures, removeFailures } from './failures';
import { entryOf, makeReadings, poisonEntries } from './readings';
import { putEntries } from './stream';

const [count, devices, poisonCount, lateCount] = [1_000, 20, 10, 5];
/** Longer ago than the lateness and a window. */
const tooLateMilliseconds = 2 * 3_600_000;

export const exactWindowsProof: Check = {
  name: 'exact-windows',
  expectedErrors: ['InvalidReadingError', 'ReadingConflictError'],
  title: 'shuffled and repeated readings are in their windows once, to the last digit; poison records are isolated',
  async run(run) {
    const deployment = readDeployment(run);
    const readings = makeReadings(run, { count, devices, spreadSeconds: 100 });
    const again = repeats(run, readings);
    const takenAt = new Date(Date.now() - tooLateMilliseconds).toISOString();
    const late = readings.slice(0, lateCount).map((one) => ({ ...one, takenAt, readingId: `late-${one.readingId}` }));
    const poison = poisonEntries(run, poisonCount - 1, devices);
    const entries = shuffled(run, [...[...readings, ...again, ...late].map(entryOf), ...poison]);
    const [other] = readings;
    if (other === undefined) throw new Error('no readings were made');
    // The last record has the id of a reading before it, with another value.
    const conflict = entryOf({ ...other, value: `${other.value === '1' ? 2 : 1}` });

    // Nobody corrects them: a later replay would find them again.
    run.cleanUp('the poison records', () => removeFailures(deployment, run.runId));
    const started = Date.now();
    await run.step(`write ${entries.length + 1} records`, () => putEntries(deployment, [...entries, conflict]));
    await assertWindows(run, deployment, readings);
    const seconds = (Date.now() - started) / 1_000;
    const failures = await run.step('wait for the poison records', () =>
      run.eventually(`${poisonCount} records in Failures`, async () => {
        const found = await readFailures(deployment, run.runId);
        return found.length >= poisonCount ? found : undefined;
      }),
    );
    run.assertEqual(
      failures.map(({ data }) => data).sort(),
      [...poison, conflict].map(({ data }) => data).sort(),
      'exactly the poison records are in Failures, as a whole',
    );
    const archived = await readArchive(deployment, 'readings', run.runId);
    const identities = readings.map(({ deviceId, readingId }) => `${deviceId}/${readingId}`);
    run.assertEqual([...new Set(archived)].sort(), identities.sort(), 'the archive has each reading');
    run.assertEqual(
      (await readArchive(deployment, 'late', run.runId)).length >= lateCount,
      true,
      'late readings are archived apart',
    );
    run.metric('records', entries.length + 1);
    run.metric('sent repeatedly', again.length);
    run.metric('readings processed', Math.round(count / seconds), 'a second');
  },
};
