import { assertDisturbed, disturb } from '../shared/faults/disturbed-calls';
import type { Check } from '../shared/scenario';
import { functionsCalledBy } from '../shared/step-functions';
import { readDeployment } from './deployment';
import { deliver } from './files';
import { assertNewest, RacingFiles } from './racing-files';

export const disturbedCallsProof: Check = {
  name: 'disturbed-calls',
  title: 'no row is lost or counted twice though calls are throttled, dropped or unanswered',
  needs: 'faults',
  expectedErrors: 'all',
  async run(run) {
    const deployment = readDeployment(run);
    const functions = await functionsCalledBy(deployment.stepFunctions, deployment.machine);
    const ends = {
      dynamodb: await disturb(run, functions, 'dynamodb', { throttled: 0.05, dropped: 0.05, unanswered: 0.05 }),
      s3: await disturb(run, functions, 's3', { throttled: 0.08, dropped: 0.08 }),
    };
    const rows = 400;
    const racing = new RacingFiles(run, deployment, rows);
    for (let file = 0; file < 2; file++) await racing.upload();
    // Events of the emulator name no version, so that of two versions of a key the first may be passed over.
    for (const one of racing.uploads) await deliver(deployment, one);
    await assertNewest(run, deployment, racing);
    const calls = await ends.dynamodb();
    assertDisturbed(run, 'dynamodb', calls, ['throttled', 'dropped', 'unanswered']);
    // A write and its repetitions; a row that changes between two requests takes more.
    run.assert(calls.calls < 4 * 2 * rows, 'the calls to the table are bounded', `${calls.calls} for ${2 * rows} rows`);
    assertDisturbed(run, 's3', await ends.s3(), ['throttled', 'dropped']);
  },
};
