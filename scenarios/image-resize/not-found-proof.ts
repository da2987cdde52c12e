import { redriveFailures } from '../../operations/image-resize/redrive-failures';
import type { Check, ScenarioRun } from '../shared/scenario';
import { cleanUpObjects } from './clean-up';
import { readDeployment, type Deployment } from './deployment';
import { invoke, s3Event } from './events';
import { keyInFolder, sourceKey } from './keys';
import { assertOutputsRemoved } from './odd-keys-proof';
import { deleteSource, manifestOf, outputKeys, upload, type Upload } from './photo-objects';
import { readPhotograph } from './photographs';
import { cleanUpMessages, isAbout, messagesAbout } from './set-aside-messages';

/** Age of an event in its last attempt, in milliseconds, with a margin. */
const lastAttempt = 600_000;

export const notFoundProof: Check = {
  name: 'not-found',
  title: 'an upload that S3 does not have is retried, then waits in the NotFound queue',
  async run(run) {
    const deployment = await readDeployment(run);
    const { sqs, notFoundQueueUrl } = deployment;
    cleanUpObjects(run, deployment);
    cleanUpMessages(run, sqs, notFoundQueueUrl);
    const photo = await readPhotograph('chelsea');
    const missing: Upload = {
      key: sourceKey(deployment, run.runId, 'not-there.jpg'),
      versionId: 'v',
      etag: 'e',
      size: 1,
    };
    await run.step('invoke the function with the event of an upload that is not there', () =>
      assertSetAside(run, deployment, missing),
    );
    await run.step('upload it, and redrive its event', async () => {
      await manifestOf(run, deployment, await upload(deployment, missing.key, photo));
      const matches = (event: unknown): boolean => isAbout(run.runId, event);
      const { redriven, error } = await redriveFailures({ ...deployment, queueUrl: notFoundQueueUrl, matches });
      run.assert(
        error === undefined && redriven === 1,
        'the event is redriven',
        error?.message ?? `${redriven} events`,
      );
      const rest = await messagesAbout(sqs, notFoundQueueUrl, keyInFolder(deployment, missing.key));
      run.assert(rest.length === 0, 'no message about the photo is left', `${rest.length} messages`);
    });
    await run.step('delete all versions of a photo', async () => {
      const uploaded = await upload(deployment, sourceKey(deployment, run.runId, 'purged.jpg'), photo);
      await manifestOf(run, deployment, uploaded);
      await deleteSource(deployment, uploaded.key, uploaded.versionId);
      await assertOutputsRemoved(run, deployment, uploaded.key);
    });
  },
};

async function assertSetAside(run: ScenarioRun, deployment: Deployment, missing: Upload): Promise<void> {
  const { sqs, notFoundQueueUrl } = deployment;
  const text = keyInFolder(deployment, missing.key);
  const early = await invoke(deployment, s3Event(deployment, 'ObjectCreated:Put', [missing]));
  run.assert(early?.includes('PhotoNotFoundError') === true, 'the event fails at first, so that it is retried', early);
  const waiting = await messagesAbout(sqs, notFoundQueueUrl, text);
  run.assert(waiting.length === 0, 'it is not set aside at first', `${waiting.length} messages`);
  const old = s3Event(deployment, 'ObjectCreated:Put', [missing], new Date(Date.now() - lastAttempt));
  const late = await invoke(deployment, old);
  run.assert(late === undefined, 'the last attempt succeeds', late);
  const messages = await messagesAbout(sqs, notFoundQueueUrl, text);
  run.assert(messages.length === 1, 'the event waits in the NotFound queue', `${messages.length} messages`);
  run.assert((await outputKeys(deployment, missing.key)).length === 0, 'nothing is written for it');
}
