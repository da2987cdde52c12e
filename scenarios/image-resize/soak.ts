import { setTimeout as sleep } from 'node:timers/promises';
import { redriveFailures } from '../../operations/image-resize/redrive-failures';
import { disturbances } from '../shared/faults/disturbed-calls';
import { kills } from '../shared/faults/kills';
import { repeatedFault } from '../shared/faults/repeated-fault';
import type { ScenarioRun, Soak, WorkOutcome } from '../shared/scenario';
import { cleanUpObjects } from './clean-up';
import { hasExtraOutputs, outputsMatch } from './output-state';
import { readDeployment, type Deployment } from './deployment';
import { invoke, s3Event } from './events';
import { sourceKey } from './keys';
import { deleteSource, upload, type Upload } from './photo-objects';
import { readPhotograph } from './photographs';

/** Uploads photos; some are overwritten or deleted later. */
export const soak: Soak = {
  units: 'photos',
  async open(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    const photos = [await readPhotograph('chelsea'), await readPhotograph('coffee')];
    const uploads: Upload[] = [];
    const keys: string[] = [];
    const put = async (key: string): Promise<void> => {
      const photo = photos[uploads.length % photos.length] ?? Buffer.alloc(0);
      uploads.push(await upload(deployment, key, photo));
    };
    const any = <T>(items: readonly T[], fraction: number): T | undefined => items[Math.floor(fraction * items.length)];
    return {
      faults: [
        kills([deployment.functionName]),
        disturbances([deployment.functionName], ['s3']),
        repeatedFault({
          fault: 'duplicate-delivery',
          title: 'duplicate events',
          everyMilliseconds: 3_000,
          async inject(_run, rng) {
            const again = any(uploads, rng.random());
            if (again === undefined) return 0;
            // It may fail like any other event, without harm.
            await invoke(deployment, s3Event(deployment, 'ObjectCreated:Put', [again]));
            return 1;
          },
        }),
        repeatedFault({
          fault: 'out-of-order',
          title: 'photos overwritten or deleted',
          everyMilliseconds: 2_000,
          async inject(_run, rng) {
            const key = any(keys, rng.random());
            if (key === undefined) return 0;
            await (rng.random() < 0.3 ? deleteSource(deployment, key) : put(key));
            return 1;
          },
        }),
      ],
      async work() {
        const key = sourceKey(deployment, run.runId, `photo-${keys.length}.jpg`);
        keys.push(key);
        await put(key);
        await sleep(500);
      },
      verify: () => verify(run, deployment, keys),
    };
  },
};

/** Waits until every photo has its outputs, and redrives events whose attempts are exhausted. */
export async function verify(run: ScenarioRun, deployment: Deployment, keys: readonly string[]): Promise<WorkOutcome> {
  const { failuresQueueUrl: queueUrl } = deployment;
  const matches = (event: unknown): boolean => JSON.stringify(event).includes(run.runId);
  let redriven = 0;
  let waiting = keys;
  const complete = run.eventually(
    'the outputs of every photo',
    async () => {
      const result = await redriveFailures({ ...deployment, queueUrl, matches });
      if (result.error !== undefined) throw result.error;
      redriven += result.redriven;
      waiting = await mismatched(deployment, waiting);
      if (waiting.length > 0) throw new Error(`${waiting.length} photos lack outputs`);
      return true;
    },
    { everyMilliseconds: 1_000 },
  );
  await complete.catch(() => undefined);
  run.metric('events redriven', redriven);
  // Attempts that were still in progress have ended by now.
  await sleep(2_000);
  const wrong = await mismatched(deployment, keys);
  const extra = await Promise.all(wrong.map((key) => hasExtraOutputs(deployment, key)));
  return {
    placed: keys.length,
    lost: wrong.filter((_, index) => extra[index] === false),
    duplicated: wrong.filter((_, index) => extra[index] === true),
  };
}

async function mismatched(deployment: Deployment, keys: readonly string[]): Promise<string[]> {
  const match = await Promise.all(keys.map((key) => outputsMatch(deployment, key)));
  return keys.filter((_, index) => match[index] !== true);
}
