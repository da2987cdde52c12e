import { setTimeout as sleep } from 'node:timers/promises';
import { redriveFailures } from '../../operations/image-resize/redrive-failures';
import { disturbances } from '../shared/faults/disturbed-calls';
import { kills } from '../shared/faults/kills';
import { repeatedFault } from '../shared/faults/repeated-fault';
import type { ScenarioRun, Soak, WorkOutcome } from '../shared/scenario';
import { cleanUpObjects } from './clean-up';
import { agrees, hasSurplus } from './convergence';
import { readDeployment, type Deployment } from './deployment';
import { invoke, s3Event } from './events';
import { sourceKey } from './keys';
import { deleteSource, upload, type Upload } from './photo-objects';
import { readPhotograph } from './photographs';

/** Photos that are uploaded, some overwritten and some deleted later on. */
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
          title: 'events that come again',
          everyMilliseconds: 3_000,
          async inject(_run, rng) {
            const again = any(uploads, rng.random());
            if (again === undefined) return 0;
            // It may fail like any other event, which changes nothing.
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

/** Waits until every photo has its outputs, with what is done about events whose attempts are used up: a redrive. */
export async function verify(run: ScenarioRun, deployment: Deployment, keys: readonly string[]): Promise<WorkOutcome> {
  const { failuresQueueUrl: queueUrl } = deployment;
  const matches = (event: unknown): boolean => JSON.stringify(event).includes(run.runId);
  let redriven = 0;
  let waiting = keys;
  const settled = run.eventually(
    'every photo to have its outputs',
    async () => {
      const result = await redriveFailures({ ...deployment, queueUrl, matches });
      if (result.error !== undefined) throw result.error;
      redriven += result.redriven;
      waiting = await disagreeing(deployment, waiting);
      if (waiting.length > 0) throw new Error(`${waiting.length} have not`);
      return true;
    },
    { withinSeconds: 120, everyMilliseconds: 1_000 },
  );
  await settled.catch(() => undefined);
  run.metric('events redriven', redriven);
  // Attempts that were still under way have ended by now.
  await sleep(2_000);
  const wrong = await disagreeing(deployment, keys);
  const surplus = await Promise.all(wrong.map((key) => hasSurplus(deployment, key)));
  return {
    placed: keys.length,
    lost: wrong.filter((_, index) => surplus[index] === false),
    duplicated: wrong.filter((_, index) => surplus[index] === true),
  };
}

async function disagreeing(deployment: Deployment, keys: readonly string[]): Promise<string[]> {
  const all = await Promise.all(keys.map(async (key) => ({ key, agree: await agrees(deployment, key) })));
  return all.filter(({ agree }) => agree !== true).map(({ key }) => key);
}
