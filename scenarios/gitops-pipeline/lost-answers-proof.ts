import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { faultsOf } from '../shared/faults/fault-injector';
import type { Check, ScenarioRun } from '../shared/scenario';
import { findable } from './demo';
import { cleanUpStacks, deployedValue, push, readDeployment, waitForEnd, type Deployment } from './deployment';
import { buildsOf, functionOf, projectOf } from './builds';
import { awaitRequest } from './approval-requests';
import { createPeople, decideAs } from './people';

export const lostAnswersProof: Check = {
  name: 'lost-answers',
  title: 'a step whose attempt was cut off after its effect has one build, and a decision made meanwhile counts',
  needs: 'faults',
  async run(run) {
    const deployment = readDeployment(run);
    const name = `d${run.runId}`;
    cleanUpStacks(run, deployment, name);
    await Promise.all([loseStarts(run, deployment, name), loseRequests(run, deployment, name)]);
  },
};

/**
 * Builds start and end while every attempt of the function that starts them is cut off: of a commit that passes, and of one
 * that the scan stops.
 */
async function loseStarts(run: ScenarioRun, deployment: Deployment, name: string): Promise<void> {
  const startBuild = await functionOf(deployment, 'Scan the commit');
  const project = await projectOf(deployment, 'scan');
  const end = await faultsOf(run).disturb(startBuild, 'codebuild', { unanswered: 1 }, 1);
  const loseEnds = faultsOf(run).loseEvents('codebuild');
  const commit = await push(deployment, `answers-${run.runId}`, { name, value: 'answers' });
  const stopped = await push(deployment, `stopped-${run.runId}`, { name, value: 'stopped', more: findable });
  const runIds = [commit, stopped].map((one) => `none-${one}`);
  await run.step('wait for the ends of builds that nobody knows', () =>
    run.eventually('their ends', async () => {
      const builds = await buildsOf(project, runIds);
      const ended = runIds.every((runId) => builds.some((one) => one.runId === runId && one.status === 'SUCCEEDED'));
      return ended ? true : undefined;
    }),
  );
  // As if the token of the first start were forgotten: a later attempt has to look for the build.
  for (const runId of runIds) await startedLongAgo(deployment, `${runId}/scan/0`);
  // Before the calls are answered: the event of a build that starts then is needed.
  loseEnds();
  const { unanswered } = await end();
  run.assert(unanswered > 0, 'calls of CodeBuild without an answer', String(unanswered));
  const ended = await waitForEnd(run, deployment, 'none', commit);
  run.assertEqual(ended.status, 'passed', `the status of the run ${ended.failure}`);
  const { failure } = await waitForEnd(run, deployment, 'none', stopped);
  run.assert(failure.includes('ScanFindings'), 'the other run fails by the findings of its build', failure);
  run.assertEqual((await buildsOf(project, runIds)).length, 2, 'builds of both steps');
}

async function startedLongAgo({ dynamodb, runsTable: TableName }: Deployment, id: string): Promise<void> {
  await dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: { id: { S: `build#${id}` } },
      UpdateExpression: 'SET since = :hour',
      ExpressionAttributeValues: { ':hour': { S: new Date(Date.now() - 3_600_000).toISOString() } },
    }),
  );
}

/** Somebody approves and rejects while every attempt of the function that asks is cut off after its message. */
async function loseRequests(run: ScenarioRun, deployment: Deployment, name: string): Promise<void> {
  const people = await createPeople(run);
  const releaser = await people.sessionOf('releaser', 'bob');
  const requestApproval = await functionOf(deployment, 'Wait for the approval');
  const end = await faultsOf(run).disturb(requestApproval, 'sns', { unanswered: 1 }, 1);
  const rejected = await push(deployment, 'release', { name, value: 'rejected' });
  const commit = await push(deployment, 'release', { name, value: 'answers' });
  const rejection = { ...(await awaitRequest(run, deployment, `prod-${rejected}`)), decision: 'reject' };
  run.assertEqual(await decideAs(run, releaser, rejection), 'reject', 'the rejection is taken');
  const decision = await awaitRequest(run, deployment, `prod-${commit}`);
  run.assertEqual(await decideAs(run, releaser, decision), 'approve', 'the approval is taken');
  const { unanswered } = await end();
  run.assert(unanswered > 0, 'messages without an answer', String(unanswered));
  const refused = await waitForEnd(run, deployment, 'prod', rejected);
  run.assertEqual(refused.status, 'rejected', `the status of the rejected run ${refused.failure}`);
  const ended = await waitForEnd(run, deployment, 'prod', commit);
  run.assertEqual(ended.status, 'deployed', `the status of the approved run ${ended.failure}`);
  run.assertEqual(await deployedValue(deployment, `${name}-prod`), 'answers', 'the value that is deployed');
}
