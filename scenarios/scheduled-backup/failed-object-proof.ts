import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import { deleteKeys } from '../shared/s3-keys';
import type { Check, ScenarioRun } from '../shared/scenario';
import { functionsCalledBy } from '../shared/step-functions';
import type { Deployment } from './deployment';
import { backUp, startBackup, waitForEnd } from './executions';
import { prepare, putNumbered } from './fixture';
import { readManifest } from './manifests';
import { put, randomObject } from './source-objects';

const objectCount = 12;

export const failedObjectProof: Check = {
  name: 'failed-object',
  expectedErrors: ['AccessDenied'],
  title: 'an object that cannot be read fails no other; once it can, starting the day again copies only that one',
  async run(run) {
    const fixture = prepare(run);
    const { deployment, prefix, day } = fixture;
    const { s3, sourceBucket, backupBucket } = deployment;
    const objects = await putNumbered(run, fixture, objectCount, () => 100);
    const keys = objects.map(({ key }) => key).toSorted();
    const [unreadable = '', deleted = ''] = keys;
    const allow = await run.step('deny the functions to read one object', () =>
      denyReading(run, deployment, unreadable),
    );

    await run.step('back up', async () => {
      const { error, cause = '' } = await waitForEnd(run, deployment, await startBackup(deployment, day));
      run.assertEqual(error, 'BackupIncomplete', 'error of the execution');
      run.assert(
        cause.includes(unreadable) && cause.includes('1 failed'),
        'the cause names the object and no other',
        cause,
      );
    });
    const failed = await readManifest(deployment, day, prefix);
    run.assertEqual(failed.summary.status, 'incomplete', 'status of the backup');
    run.assertEqual(
      failed.summary.findings.map(({ key }) => key),
      [unreadable],
      'objects listed in the summary',
    );
    const copied = failed.entries.filter(({ status }) => status === 'copied');
    run.assertEqual(copied.length, objectCount - 1, 'copied objects');

    await run.step('allow it again; meanwhile an object is deleted and another one added', async () => {
      await allow();
      await deleteKeys(s3, sourceBucket, [deleted]);
      await put(s3, sourceBucket, randomObject(run, `${prefix}added`, 100));
    });
    await backUp(run, deployment, day);
    const { summary, entries } = await readManifest(deployment, day, prefix);
    run.assertEqual(summary.status, 'complete', 'status of the backup');
    run.assertEqual(
      entries.map(({ key }) => key),
      keys,
      'objects in the manifest',
    );
    const { Versions = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: backupBucket, Prefix: `${day}/${prefix}` }),
    );
    run.assertEqual(Versions.length, objectCount, 'copies made by both runs');
  },
};

/** Denies the function that copies to read one object, until the end of the check or until the returned function is called. */
async function denyReading(run: ScenarioRun, deployment: Deployment, key: string): Promise<() => Promise<void>> {
  const iam = new IAMClient({});
  const functions = await functionsCalledBy(deployment.stepFunctions, deployment.backupMachine);
  const FunctionName = functions.find((name) => name.includes('CopyObjects'));
  const { Role = '' } = await new LambdaClient({}).send(new GetFunctionConfigurationCommand({ FunctionName }));
  const names = { RoleName: Role.replace(/^.*\//, ''), PolicyName: `Scenario${run.runId}` };
  const Resource = `arn:aws:s3:::${deployment.sourceBucket}/${key}`;
  const Statement = [{ Effect: 'Deny', Action: ['s3:GetObject', 's3:GetObjectVersion'], Resource }];
  // IAM is eventually consistent on AWS; the emulator, which offers faults, is not.
  const propagation = (): Promise<void> => (run.faults === undefined ? sleep(15_000) : Promise.resolve());
  let denied = true;
  const allow = async (): Promise<void> => {
    if (!denied) return;
    await iam.send(new DeleteRolePolicyCommand(names));
    denied = false;
    await propagation();
  };
  run.cleanUp('permissions of the function that copies', allow);
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ ...names, PolicyDocument }));
  await propagation();
  return allow;
}
