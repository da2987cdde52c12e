import { CodeBuildClient, BatchGetBuildsCommand } from '@aws-sdk/client-codebuild';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Check } from '../shared/scenario';
import { cleanUpStacks, deployedValue, push, readDeployment, waitForEnd, type Deployment } from './deployment';

export const pushesProof: Check = {
  name: 'pushes',
  title: 'of pushes at once the newest is deployed; a push during a deployment waits for its end',
  async run(run) {
    const deployment = readDeployment(run);
    const name = `d${run.runId}`;
    cleanUpStacks(run, deployment, name);
    const older = await push(deployment, 'main', { name, value: 'older' });
    const newer = await push(deployment, 'main', { name, value: 'newer' });
    await run.step('push while the newer commit is deployed', () =>
      run.eventually(
        'the deployment of the newer commit',
        // The lock alone is not enough: until its build has begun, a run can still be superseded.
        async () => ((await lastDeployment(deployment, newer)) === undefined ? undefined : true),
        { everyMilliseconds: 100 },
      ),
    );
    const last = await push(deployment, 'main', { name, value: 'last' });
    const endings = await Promise.all(
      [older, newer, last].map(async (commit) => (await waitForEnd(run, deployment, 'staging', commit)).status),
    );
    run.assertEqual(endings.join(), 'superseded,deployed,deployed', 'the ends of the runs');
    run.assertEqual(await deployedValue(deployment, `${name}-staging`), 'last', 'the value that is deployed');
    const [first, second] = await Promise.all([newer, last].map((commit) => lastDeployment(deployment, commit)));
    run.assert(
      first !== undefined && second !== undefined && first.end <= second.start,
      'no two deployments at once',
      JSON.stringify([first, second]),
    );
  },
};

/** Times of the last build that deployed a commit, in milliseconds since 1970. */
async function lastDeployment(
  { dynamodb, runsTable }: Deployment,
  commit: string,
): Promise<{ readonly start: number; readonly end: number } | undefined> {
  const codebuild = new CodeBuildClient({});
  for (let round = 9; round >= 0; round--) {
    const Key = { id: { S: `build#staging-${commit}/deploy/${round}` } };
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: runsTable, Key, ConsistentRead: true }));
    const id = Item?.['buildId']?.S;
    if (id === undefined) continue;
    const { builds = [] } = await codebuild.send(new BatchGetBuildsCommand({ ids: [id] }));
    return { start: builds[0]?.startTime?.getTime() ?? 0, end: builds[0]?.endTime?.getTime() ?? Infinity };
  }
  return undefined;
}
