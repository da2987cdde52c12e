import { faultsOf } from '../shared/faults/fault-injector';
import type { Check, ScenarioRun } from '../shared/scenario';
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

/** Builds start and end while every attempt of the function that starts them is cut off. */
async function loseStarts(run: ScenarioRun, deployment: Deployment, name: string): Promise<void> {
  const startBuild = await functionOf(deployment, 'Scan the commit');
  const project = await projectOf(deployment, 'scan');
  const end = await faultsOf(run).disturb(startBuild, 'codebuild', { unanswered: 1 }, 1);
  const commit = await push(deployment, `answers-${run.runId}`, { name, value: 'answers' });
  await run.step('wait for the end of a build that nobody knows', () =>
    run.eventually('its end', async () => {
      const [build] = await buildsOf(project, [`none-${commit}`]);
      return build?.status === 'SUCCEEDED' ? true : undefined;
    }),
  );
  const { unanswered } = await end();
  run.assert(unanswered > 0, 'calls of CodeBuild without an answer', String(unanswered));
  const ended = await waitForEnd(run, deployment, 'none', commit);
  run.assertEqual(ended.status, 'passed', `the status of the run ${ended.failure}`);
  run.assertEqual((await buildsOf(project, [`none-${commit}`])).length, 1, 'builds of the step');
}

/** Somebody decides while every attempt of the function that asks is cut off after its message. */
async function loseRequests(run: ScenarioRun, deployment: Deployment, name: string): Promise<void> {
  const people = await createPeople(run);
  const releaser = await people.sessionOf('releaser', 'bob');
  const requestApproval = await functionOf(deployment, 'Wait for the approval');
  const end = await faultsOf(run).disturb(requestApproval, 'sns', { unanswered: 1 }, 1);
  const commit = await push(deployment, 'release', { name, value: 'answers' });
  const decision = await awaitRequest(run, deployment, `prod-${commit}`);
  run.assertEqual(await decideAs(run, releaser, decision), 'approve', 'the decision is taken');
  const { unanswered } = await end();
  run.assert(unanswered > 0, 'messages without an answer', String(unanswered));
  const ended = await waitForEnd(run, deployment, 'prod', commit);
  run.assertEqual(ended.status, 'deployed', `the status of the approved run ${ended.failure}`);
  run.assertEqual(await deployedValue(deployment, `${name}-prod`), 'answers', 'the value that is deployed');
}
