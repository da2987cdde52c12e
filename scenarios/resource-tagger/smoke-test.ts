import { CreateSecurityGroupCommand, DeleteSecurityGroupCommand, DescribeTagsCommand } from '@aws-sdk/client-ec2';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketTaggingCommand,
  PutBucketTaggingCommand,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, DeleteQueueCommand, ListQueueTagsCommand } from '@aws-sdk/client-sqs';
import type { Check, ScenarioRun } from '../shared/scenario';
import { readDeployment, sendEvents, type Deployment } from './deployment';
import { roleSession } from './events';

type Tags = Readonly<Record<string, string>>;

/** Main function on real input, in seconds. */
export const smokeTest: Check = {
  name: 'creators-are-tagged',
  title: 'a new security group, queue and bucket are tagged with their creators, and tags that they have stay',
  async run(run) {
    const deployment = await readDeployment(run);
    const time = new Date();
    const { group, queueUrl, bucket } = await run.step('create resources', () => create(run, deployment));
    const { account } = deployment;
    const events = [
      deployment.event({
        eventId: `${run.runId}-group`,
        service: 'ec2',
        eventName: 'CreateSecurityGroup',
        time,
        identity: roleSession(account, 'Deploy', 'alice'),
        request: { groupName: group },
        response: { _return: true, groupId: group },
      }),
      deployment.event({
        eventId: `${run.runId}-queue`,
        service: 'sqs',
        eventName: 'CreateQueue',
        time,
        identity: roleSession(account, 'AWSReservedSSO_Admin_0123456789abcdef', 'bob@example.com'),
        request: { queueName: 'q' },
        response: { queueUrl },
      }),
      deployment.event({
        eventId: `${run.runId}-bucket`,
        service: 's3',
        eventName: 'CreateBucket',
        time,
        identity: { type: 'Root', principalId: account, arn: `arn:aws:iam::${account}:root`, accountId: account },
        request: { bucketName: bucket },
      }),
    ];
    for (const event of events) run.assert(await deployment.matches(event), 'the rule lets the event through');
    const [first] = events;
    const failed = { ...first, detail: { ...first?.detail, errorCode: 'Client.UnauthorizedOperation' } };
    run.assert(!(await deployment.matches(failed)), 'the rule ignores a call that failed');
    const reading = deployment.event({ eventId: 'read', service: 'ec2', eventName: 'DescribeSecurityGroups', time });
    run.assert(!(await deployment.matches(reading)), 'the rule ignores a call that reads');
    await run.step('send the events', () => sendEvents(deployment, events));

    const createdAt = time.toISOString().replace(/\.\d+Z$/, 'Z');
    const expected = (creator: string, what: string): Tags => ({
      'created-by': creator,
      'created-at': createdAt,
      'creation-event': `${run.runId}-${what}`,
    });
    await awaitTags(run, 'security group', () => groupTags(deployment, group), expected('role/Deploy/alice', 'group'));
    await awaitTags(run, 'queue', () => queueTags(deployment, queueUrl), expected('sso/bob@example.com', 'queue'));
    await awaitTags(run, 'bucket', () => bucketTags(deployment, bucket), {
      ...expected('somebody', 'bucket'),
      team: 'blue',
    });
  },
};

async function create(run: ScenarioRun, { ec2, sqs, s3 }: Deployment) {
  const { GroupId: group = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: `${run.runId}-group`, Description: 'Smoke test of resource-tagger' }),
  );
  run.cleanUp(
    'the security group',
    async () => void (await ec2.send(new DeleteSecurityGroupCommand({ GroupId: group }))),
  );
  const { QueueUrl: queueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `${run.runId}-queue` }));
  run.cleanUp('the queue', async () => void (await sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl }))));
  const bucket = `${run.runId}-bucket`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  run.cleanUp('the bucket', async () => void (await s3.send(new DeleteBucketCommand({ Bucket: bucket }))));
  // Somebody was quicker and wrote a creator by hand.
  const TagSet = Object.entries({ 'created-by': 'somebody', team: 'blue' }).map(([Key, Value]) => ({ Key, Value }));
  await s3.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet } }));
  return { group, queueUrl, bucket };
}

async function awaitTags(run: ScenarioRun, what: string, read: () => Promise<Tags>, expected: Tags): Promise<void> {
  const complete = await run.eventually(`the tags of the ${what}`, async () => {
    const tags = await read();
    return Object.keys(expected).every((key) => key in tags) ? tags : undefined;
  });
  run.assertEqual(sorted(complete), sorted(expected), `tags of the ${what}`);
}

function sorted(tags: Tags): [string, string][] {
  return Object.entries(tags).sort(([one], [other]) => (one < other ? -1 : 1));
}

async function groupTags({ ec2 }: Deployment, id: string): Promise<Tags> {
  const { Tags = [] } = await ec2.send(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }] }));
  return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

async function queueTags({ sqs }: Deployment, QueueUrl: string): Promise<Tags> {
  const { Tags = {} } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }));
  return Tags;
}

async function bucketTags({ s3 }: Deployment, Bucket: string): Promise<Tags> {
  const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand({ Bucket }));
  return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
}
