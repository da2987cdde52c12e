import { GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { readFailure, type Failure } from '../../operations/image-resize/failure';
import { redriveFailures } from '../../operations/image-resize/redrive-failures';
import { runCommand } from '../shared/runbook-commands';
import type { Check, ScenarioRun } from '../shared/scenario';
import { cleanUpObjects } from './clean-up';
import { cleanUpMessages, isAbout, messagesAbout } from './set-aside-messages';
import { readDeployment, type Deployment } from './deployment';
import { invoke, s3Event } from './events';
import { keyInFolder, outputKey, sourceFolder, sourceKey } from './keys';
import { readManifest, upload, type Upload } from './photo-objects';
import { readPhotograph } from './photographs';

export const failuresProof: Check = {
  name: 'failures',
  expectedErrors: ['AccessDenied', 'PhotosFailed'],
  title: 'a photo that fails temporarily waits in the failures queue, and is resized after a redrive',
  async run(run) {
    const deployment = await readDeployment(run);
    cleanUpObjects(run, deployment);
    cleanUpMessages(run, deployment.sqs, deployment.failuresQueueUrl);
    const restore = await denyWrites(run, deployment);
    const failed = await run.step('upload photos until the function is denied access', () =>
      uploadUntilDenied(run, deployment),
    );
    const failure = await run.step('wait until its retries are exhausted', () => awaitFailure(run, deployment, failed));
    run.assertEqual(failure.attempts, 3, 'attempts of the event');
    const { Records = [] } = failure.event as { Records?: { s3?: { object?: { versionId?: string } } }[] };
    const [record] = Records;
    run.assert(record?.s3?.object?.versionId === failed.versionId, 'the failures queue holds the original event');
    await run.step('restore the permission', restore);
    await run.step('redrive', async () => {
      const listed = await operate(run, 'redrive --dry-run');
      run.assert(listed.includes('after 3 attempts'), 'the event is listed', listed);
      await operate(run, 'redrive');
      await redriveUntilResized(run, deployment, failed);
    });
    run.assert(true, 'the photo is resized after the redrive');
    const rest = await run.step('read the failures queue', () =>
      messagesAbout(deployment.sqs, deployment.failuresQueueUrl, keyInFolder(deployment, failed.key)),
    );
    run.assert(rest.length === 0, 'no message about the photo is left', `${rest.length} messages`);
  },
};

/** Runs a command of the runbook. */
function operate(run: ScenarioRun, command: string): Promise<string> {
  return runCommand(run, 'image-resize', `npm run ops -- image-resize ${command}`);
}

/** Adds a statement to the bucket's policy that denies writes to the function; returns a function that restores the policy. */
async function denyWrites(run: ScenarioRun, deployment: Deployment): Promise<() => Promise<void>> {
  const { s3, resizedBucket, roleArn } = deployment;
  const Bucket = resizedBucket;
  const { Policy: kept = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
  const policy = JSON.parse(kept) as { Statement: object[] };
  const statement = {
    Sid: `Scenario${run.runId}`,
    Effect: 'Deny',
    Principal: { AWS: roleArn },
    Action: 's3:PutObject',
    Resource: `arn:aws:s3:::${resizedBucket}/${outputKey(deployment, sourceFolder(deployment, run.runId), '*')}`,
  };
  const restore = async (): Promise<void> => {
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: kept }));
  };
  run.cleanUp("the resized bucket's policy", restore);
  const Policy = JSON.stringify({ ...policy, Statement: [...policy.Statement, statement] });
  await run.step("deny the function's writes", () => s3.send(new PutBucketPolicyCommand({ Bucket, Policy })));
  return restore;
}

/**
 * Uploads photos until a direct invocation fails, then one more: a policy takes a while to take effect everywhere.
 */
async function uploadUntilDenied(run: ScenarioRun, deployment: Deployment): Promise<Upload> {
  const photo = await readPhotograph('chelsea');
  let number = 0;
  await run.eventually('an access denied error of the function', async () => {
    number += 1;
    const uploaded = await upload(deployment, sourceKey(deployment, run.runId, `photo-${number}.jpg`), photo);
    const error = await invoke(deployment, s3Event(deployment, 'ObjectCreated:Put', [uploaded]));
    return error === undefined ? undefined : true;
  });
  return upload(deployment, sourceKey(deployment, run.runId, 'denied.jpg'), photo);
}

/** Redrives until the photo is resized: a restored permission takes a while too, and an event may fail again. */
async function redriveUntilResized(
  run: ScenarioRun,
  deployment: Deployment,
  { key, versionId }: Upload,
): Promise<void> {
  const queueUrl = deployment.failuresQueueUrl;
  const matches = (event: unknown): boolean => isAbout(run.runId, event);
  await run.eventually(
    'the manifest of the photo after a redrive',
    async () => {
      const { error } = await redriveFailures({ ...deployment, queueUrl, matches });
      if (error !== undefined) throw error;
      return (await readManifest(deployment, key))?.source.versionId === versionId ? true : undefined;
    },
    { withinSeconds: 900 },
  );
}

function awaitFailure(run: ScenarioRun, deployment: Deployment, { key }: Upload): Promise<Failure> {
  return run.eventually(
    'the event in the failures queue',
    async () => {
      const failures = (
        await messagesAbout(deployment.sqs, deployment.failuresQueueUrl, keyInFolder(deployment, key))
      ).flatMap(({ Body = '' }) => readFailure(Body) ?? []);
      return failures[0];
    },
    // On AWS the second attempt comes a minute after the first, the third two minutes later.
    { withinSeconds: 900, everyMilliseconds: 1_000 },
  );
}
