import { CreateQueueCommand, DeleteQueueCommand, ListQueueTagsCommand } from '@aws-sdk/client-sqs';
import { runCommand } from '../shared/runbook-commands';
import type { Check, ScenarioRun } from '../shared/scenario';
import { readDeployment, type Deployment } from './deployment';
import { roleSession } from './events';
import { FakeCloudTrail } from './fake-cloudtrail';

const day = 86_400_000;

/** Calls of the history that created what is gone since; more than a page. */
const gone = 60;

export const commandsProof: Check = {
  name: 'commands',
  title: 'backfill tags what CloudTrail remembers, untagged lists what has no owner, trails says whether events come',
  // CloudTrail's event history of an account has what others did, and no call of the emulator.
  needs: 'faults',
  async run(run) {
    const deployment = await readDeployment(run);
    const queueUrl = await createQueue(run, deployment);
    const trail = new FakeCloudTrail(history(run, deployment, queueUrl));
    const environment = { AWS_ENDPOINT_URL_CLOUDTRAIL: await trail.listen() };
    run.cleanUp('the history', () => trail.close());
    const ops = (command: string, exitCode = 0) =>
      runCommand(run, 'resource-tagger', `npm run ops -- resource-tagger ${command}`, { environment, exitCode });
    const name = queueUrl.slice(queueUrl.lastIndexOf('/') + 1);

    await run.step('without a trail', async () => {
      run.assert((await ops('trails', 1)).includes('no trail logs management events'), 'it says that no event comes');
    });
    trail.trails = [{ name: 'main', isLogging: true, selectors: { EventSelectors: [{ ReadWriteType: 'All' }] } }];
    await run.step('with one', () => ops('trails'));
    const before = await run.step('list what has no owner', () => ops('untagged'));
    run.assert(before.includes(`:${name}  lacks created-by`), 'the queue is listed', before.slice(-500));
    const output = await run.step('backfill', () => ops('backfill'));
    run.assert(
      output.includes(`${gone + 2} creations in 90 days; ${gone + 1} sent`),
      'all pages are read',
      output.slice(-500),
    );
    run.assertEqual(trail.throttled, 0, 'lookups beyond two a second');
    const tags = await run.eventually('the tags of the queue', async () => {
      const { Tags = {} } = await deployment.sqs.send(new ListQueueTagsCommand({ QueueUrl: queueUrl }));
      return 'created-by' in Tags ? Tags : undefined;
    });
    run.assertEqual(tags['created-by'], 'role/Deploy/last', 'creator of a queue whose name was used before');
    run.assertEqual(tags['team'], 'blue', 'a tag that it had');
    const after = await run.step('list again', () => ops('untagged'));
    run.assert(!after.includes(`:${name}  lacks`), 'the queue has its owner');
  },
};

/** The tagging API knows only what has or had a tag. */
async function createQueue(run: ScenarioRun, { sqs }: Deployment): Promise<string> {
  const request = new CreateQueueCommand({ QueueName: `${run.runId}-old`, tags: { team: 'blue' } });
  const { QueueUrl = '' } = await sqs.send(request);
  run.cleanUp('the queue', async () => void (await sqs.send(new DeleteQueueCommand({ QueueUrl }))));
  return QueueUrl;
}

function history(run: ScenarioRun, deployment: Deployment, queueUrl: string) {
  const creation = (session: string, days: number) => ({
    eventId: `${run.runId}-${session}`,
    service: 'sqs',
    eventName: 'CreateQueue',
    time: new Date(Date.now() - days * day),
    identity: roleSession(deployment.account, 'Deploy', session),
    response: { queueUrl },
  });
  const failed = { ...creation('failed', 1), more: { errorCode: 'AccessDenied' }, response: null };
  const volumes = Array.from({ length: gone }, (_, index) => ({
    eventId: `${run.runId}-volume-${index}`,
    service: 'ec2',
    eventName: 'CreateVolume',
    time: new Date(Date.now() - (index + 1) * day),
    response: { volumeId: `vol-${String(index).padStart(17, '0')}` },
  }));
  return [creation('first', 40), creation('last', 3), failed, ...volumes].map((call) => deployment.event(call).detail);
}
