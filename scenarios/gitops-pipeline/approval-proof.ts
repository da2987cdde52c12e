import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CodeCommitClient } from '@aws-sdk/client-codecommit';
import { UpdateItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../shared/runbook-commands';
import type { Check, ScenarioRun } from '../shared/scenario';
import { cleanUpStacks, deployedValue, push, readDeployment, waitForEnd, type Deployment } from './deployment';
import { awaitRequest, type Decision } from './approval-requests';
import { createPeople, decideAs, decideUnsigned, environmentOf, type People, type Person } from './people';
import { refuseChanged } from './refused-artifacts';

export const approvalProof: Check = {
  name: 'approval-and-statement',
  title: 'nothing is deployed to prod without the approval of somebody else, nor with another artifact or statement',
  expectedErrors: ['ArtifactRefusedError'],
  async run(run) {
    const deployment = readDeployment(run);
    const name = `d${run.runId}`;
    cleanUpStacks(run, deployment, name);
    const people = await run.step('create roles of people', () => createPeople(run));
    const alice = await people.sessionOf('developer', 'alice');
    // New permissions take seconds to be seen.
    const older = await run.eventually('the push of a developer', () =>
      push(as(deployment, alice), 'release', { name, value: 'older' }),
    );
    const releaser = await people.sessionOf('releaser', 'bob');
    const olderRequest = await awaitRequest(run, deployment, `prod-${older}`);
    const commit = await push(as(deployment, alice), 'release', { name, value: run.runId });
    run.assertEqual(await decideAs(run, releaser, olderRequest), 'approve', 'the older commit may be approved');
    const superseded = await waitForEnd(run, deployment, 'prod', older);
    run.assertEqual(superseded.status, 'superseded', 'its status, since a newer one waits');

    const runId = `prod-${commit}`;
    const decision = await awaitRequest(run, deployment, runId);
    await run.step('refuse other approvals', () =>
      refuseApprovals(run, deployment, { people, pusher: alice, decision, older: olderRequest }),
    );
    const shown = await runCommand(run, 'gitops-pipeline', 'npm run ops -- gitops-pipeline approve <run id>', {
      values: { 'run id': runId },
    });
    const showsBoth = shown.includes(`${name}-prod`) && shown.includes(decision.diffHash);
    run.assert(showsBoth, 'the command shows the difference and its hash', shown);
    const before = await deployedValue(deployment, `${name}-prod`);
    run.assertEqual(before, undefined, 'nothing is deployed by refused approvals');
    await replaceObjects(deployment, runId);
    await runCommand(run, 'gitops-pipeline', 'npm run ops -- gitops-pipeline approve <run id> <difference>', {
      values: { 'run id': runId, difference: decision.diffHash },
      environment: environmentOf(releaser),
    });
    run.assertEqual(await decideAs(run, releaser, decision), 'already decided', 'a replayed approval is refused');
    const ended = await waitForEnd(run, deployment, 'prod', commit);
    run.assertEqual(ended.status, 'deployed', `the status of the run ${ended.failure}`);
    const value = await deployedValue(deployment, `${name}-prod`);
    run.assertEqual(
      value,
      run.runId,
      'the stack has the value of the commit, not of the objects that replaced its artifact',
    );
    await run.step('verify changed artifacts', () => refuseChanged(run, deployment, ended, superseded));
  },
};

interface Requests {
  readonly people: People;
  readonly pusher: Person;
  readonly decision: Decision;
  /** Decision on the run of an older commit. */
  readonly older: Decision;
}

/** Sends decisions that must not count: by others, on something else, and too late. */
async function refuseApprovals(
  run: ScenarioRun,
  deployment: Deployment,
  { people: { sessionOf }, pusher, decision, older }: Requests,
): Promise<void> {
  const [mallory, bob, eve] = await Promise.all([
    sessionOf('developer', 'mallory'),
    sessionOf('releaser', 'bob'),
    sessionOf('stranger', 'bob'),
  ]);
  const item = `approval#${decision.runId}/0`;
  run.assertEqual(await decideUnsigned(run, decision), 'forbidden', 'an approval that nobody has signed');
  run.assertEqual(await decideAs(run, eve, decision), 'forbidden', 'the approval of a role that may not call the URL');
  run.assertEqual(await decideAs(run, pusher, decision), 'own push', 'the approval of the pusher');
  run.assertEqual(await decideAs(run, mallory, decision), 'own push', 'that of the pusher under another session name');
  const another = '0'.repeat(64);
  for (const [changed, verdict] of [
    [{ runId: older.runId }, 'another artifact'],
    [{ digest: another }, 'another artifact'],
    [{ diffHash: another }, 'another difference'],
    [{ round: 1 }, 'unknown request'],
  ] as const) {
    run.assertEqual(await decideAs(run, bob, { ...decision, ...changed }), verdict, `the approval of ${verdict}`);
  }
  const olderVerdict = await decideAs(run, bob, older);
  run.assertEqual(olderVerdict, 'already decided', 'the approval of the older commit, sent again');
  const soon = Math.ceil(Date.now() / 1_000) + 1;
  await setAttribute(deployment, item, 'expiresAt', { N: String(soon) });
  await sleep(soon * 1_000 - Date.now());
  run.assertEqual(await decideAs(run, bob, decision), 'expired', 'an approval after its end by the clock');
  await setAttribute(deployment, item, 'expiresAt', { N: String(soon + 600) });
}

/** Writes newer versions of a run's artifact and statement, as somebody who may write the bucket could. */
async function replaceObjects({ s3, artifactsBucket: Bucket }: Deployment, runId: string): Promise<void> {
  for (const Key of [`build/${runId}/0/assembly.zip`, `statements/${runId}.json`]) {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'another one' }));
  }
}

/** The deployment with pushes by somebody. */
function as(deployment: Deployment, { region, credentials }: Person): Deployment {
  return { ...deployment, codecommit: new CodeCommitClient({ region, credentials }) };
}

async function setAttribute(
  { dynamodb, runsTable }: Deployment,
  id: string,
  name: string,
  value: AttributeValue,
): Promise<void> {
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: runsTable,
      Key: { id: { S: id } },
      UpdateExpression: 'SET #name = :value',
      ExpressionAttributeNames: { '#name': name },
      ExpressionAttributeValues: { ':value': value },
    }),
  );
}
