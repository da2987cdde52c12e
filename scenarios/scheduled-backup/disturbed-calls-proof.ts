import { disturb, assertDisturbed } from '../shared/faults/disturbed-calls';
import { assertWorkOutcome } from '../shared/faults/work-outcome';
import type { Check } from '../shared/scenario';
import { functionsCalledBy } from '../shared/step-functions';
import { waitForEnd, startBackup } from './executions';
import { prepare, putNumbered } from './fixture';
import { verify } from './soak';
import { fingerprintOf } from './source-objects';

const objectCount = 60;

export const disturbedCallsProof: Check = {
  name: 'disturbed-calls',
  title: 'a backup copies every object although calls to S3 are throttled, dropped, slow or unanswered',
  needs: 'faults',
  async run(run) {
    const fixture = prepare(run);
    const { deployment, day } = fixture;
    const objects = await putNumbered(run, fixture, objectCount, (index) => 1_000 + index);
    const functions = await functionsCalledBy(deployment.stepFunctions, deployment.backupMachine);
    // The SDK makes six attempts. With one of eight calls disturbed, all six fail in about two of a thousand backups.
    const disturbance = { throttled: 0.04, dropped: 0.04, unanswered: 0.04, slow: 0.05, slowMilliseconds: 300 };
    const restore = await disturb(run, functions, 's3', disturbance);
    const { status, error } = await run.step('back up', async () =>
      waitForEnd(run, deployment, await startBackup(deployment, day)),
    );
    const counts = await restore();
    run.assert(status === 'SUCCEEDED', 'the first run is complete', error ?? status);
    assertDisturbed(run, 's3', counts, ['throttled', 'dropped', 'unanswered']);
    const expected = new Map(objects.map((object) => [object.key, fingerprintOf(object)]));
    assertWorkOutcome(
      run,
      'objects',
      await run.step('compare every copy', () => verify(run, fixture, [day], expected)),
    );
  },
};
