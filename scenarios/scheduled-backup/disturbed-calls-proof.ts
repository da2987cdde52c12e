import { disturb, assertDisturbed } from '../shared/faults/disturbed-calls';
import { assertWorkOutcome } from '../shared/faults/work-outcome';
import type { Check } from '../shared/scenario';
import { functionsCalledBy } from '../shared/step-functions';
import { ended, startBackup } from './executions';
import { open, putNumbered } from './opening';
import { verify } from './soak';
import { printOf } from './source-objects';

const number = 60;

export const disturbedCallsProof: Check = {
  name: 'disturbed-calls',
  title: 'a backup whose calls to S3 are refused, cut off, slow or left unanswered copies every object',
  needs: 'faults',
  async run(run) {
    const opening = open(run);
    const { from, day } = opening;
    const objects = await putNumbered(run, opening, number, (index) => 1_000 + index);
    const functions = await functionsCalledBy(from.stepFunctions, from.backupMachine);
    // A call is made six times at most: with one of eight disturbed, all six are in about two of a thousand backups.
    const disturbance = { throttled: 0.04, dropped: 0.04, unanswered: 0.04, slow: 0.05, slowMilliseconds: 300 };
    const restore = await disturb(run, functions, 's3', disturbance);
    const { status, error } = await run.step('back up', async () => ended(run, from, await startBackup(from, day)));
    const counts = await restore();
    run.assert(status === 'SUCCEEDED', 'the first run is complete', error ?? status);
    assertDisturbed(run, 's3', counts, ['throttled', 'dropped', 'unanswered']);
    const expected = new Map(objects.map((object) => [object.key, printOf(object)]));
    assertWorkOutcome(
      run,
      'objects',
      await run.step('compare every copy', () => verify(run, opening, [day], expected)),
    );
  },
};
