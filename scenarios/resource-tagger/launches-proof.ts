import {
  CreateTagsCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  paginateDescribeTags,
  paginateDescribeVolumes,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
} from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import pMap from 'p-map';
import { repeats } from '../shared/faults/duplicates';
import { killAlong } from '../shared/faults/kills';
import { shuffled } from '../shared/faults/reordering';
import type { Check, ScenarioRun } from '../shared/scenario';
import { readDeployment, sendEvents, type Deployment } from './deployment';
import { roleSession, type CloudTrailEvent } from './events';

type Tags = Record<string, string>;

/** Resource that exists, and the tags that it must have in the end. */
interface Expected {
  readonly id: string;
  readonly tags: Tags;
}

const [launches, volumes] = [30, 60];

export const launchesProof: Check = {
  name: 'launches',
  title:
    'launches with repeated, reordered and late events, and killed workers: each resource is tagged once with its creator',
  needs: 'faults',
  async run(run) {
    const deployment = await readDeployment(run);
    const expected: Expected[] = [];
    const events: CloudTrailEvent[] = [];
    const image = await newestImage();
    await run.step(`launch instances ${launches} times, create ${volumes} volumes`, async () => {
      await pMap(range(launches), (index) => launch(run, deployment, image, index, expected, events), {
        concurrency: 5,
      });
      await pMap(range(volumes), (index) => createVolume(run, deployment, index, expected, events), { concurrency: 5 });
    });
    const gone = deployment.event({
      eventId: `${run.runId}-gone`,
      service: 'ec2',
      eventName: 'CreateVolume',
      time: new Date(Date.now() - 3_600_000),
      response: { volumeId: 'vol-00000000000000000' },
    });
    // Its event comes before the queue can be seen.
    const early = `${run.runId}-early`;
    const queueUrl = deployment.eventsQueueUrl.replace(/[^/]+$/, early);
    const earlyEvent = deployment.event({
      eventId: early,
      service: 'sqs',
      eventName: 'CreateQueue',
      time: new Date(),
      request: { queueName: early },
      response: { queueUrl },
    });
    const all = shuffled(run, [...events, ...repeats(run, events), gone, earlyEvent]);
    const killed = await run.step('send the events and kill workers', async () => {
      let sent = 0;
      const sendMore = async (): Promise<void> => {
        // When all are sent, repetitions keep the workers busy.
        const some = sent < all.length ? all.slice(sent, sent + 20) : repeats(run, events, 0.1);
        sent += 20;
        await sendEvents(deployment, some);
      };
      const kills = { kills: 2, longestPause: 400 };
      const number = await killAlong(run, run.output('TagResourcesFunctionName'), kills, sendMore);
      await sendEvents(deployment, all.slice(sent));
      return number;
    });
    run.metric('workers killed', killed);
    run.metric('events', all.length);
    await deployment.sqs.send(new CreateQueueCommand({ QueueName: early }));
    run.cleanUp(
      'the queue',
      async () => void (await deployment.sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl }))),
    );

    await run.step('wait for the tags', () => awaitAll(run, deployment, expected));
    await run.eventually('the tags of the queue that was created late', async () => {
      const { Tags } = await deployment.sqs.send(new ListQueueTagsCommand({ QueueUrl: queueUrl }));
      return Tags?.['creation-event'] === early ? true : undefined;
    });
    await run.step('wait until the queue is empty', () => awaitEmpty(run, deployment));
    const tags = await tagsOf(
      deployment,
      expected.map(({ id }) => id),
    );
    const wrong = expected.filter(({ id, tags: due }) => !sameTags(tags.get(id), due));
    const [first] = wrong;
    run.assertEqual(
      wrong.length === 0
        ? ''
        : `${first?.id}: ${JSON.stringify(tags.get(first?.id ?? ''))}, expected ${JSON.stringify(first?.tags)}`,
      '',
      `resources of ${expected.length} with other tags than those of their creator and those that they had`,
    );
    run.assertEqual(await deadLetters(run, deployment), 0, 'dead letters, the deleted volume included');
    run.metric('resources', expected.length);
  },
};

/** Image of Amazon Linux in this region. */
async function newestImage(): Promise<string> {
  const Name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
  const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name }));
  return Parameter?.Value ?? '';
}

async function launch(
  run: ScenarioRun,
  deployment: Deployment,
  image: string,
  index: number,
  expected: Expected[],
  events: CloudTrailEvent[],
) {
  const { ec2, account } = deployment;
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({ ImageId: image, InstanceType: 't3.micro', MinCount: 2, MaxCount: 2 }),
  );
  const ids = Instances.map(({ InstanceId = '' }) => InstanceId);
  run.cleanUp('instances', async () => void (await ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }))));
  const time = new Date();
  const eventId = `${run.runId}-launch-${index}`;
  events.push(
    deployment.event({
      eventId,
      service: 'ec2',
      eventName: 'RunInstances',
      time,
      identity: roleSession(account, 'Launcher', `person-${index}`),
      response: { instancesSet: { items: ids.map((instanceId) => ({ instanceId })) } },
    }),
  );
  const tags = tagsBy(`role/Launcher/person-${index}`, time, eventId);
  // A person tags one of the instances before the event arrives.
  const own = { 'created-by': 'a person', purpose: 'test' };
  const [first = ''] = ids;
  await tagBefore(deployment, first, own);
  const attached = await volumesOf(deployment, ids);
  expected.push(
    { id: first, tags: { ...tags, ...own } },
    ...[...ids.slice(1), ...attached].map((id) => ({ id, tags })),
  );
}

async function createVolume(
  run: ScenarioRun,
  deployment: Deployment,
  index: number,
  expected: Expected[],
  events: CloudTrailEvent[],
) {
  const { ec2, account, region } = deployment;
  const { VolumeId: id = '' } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 1 }));
  run.cleanUp('a volume', async () => void (await ec2.send(new DeleteVolumeCommand({ VolumeId: id }))));
  // Every second event is late: the volume is a day old.
  const time = new Date(Date.now() - (index % 2) * 86_400_000);
  const eventId = `${run.runId}-volume-${index}`;
  const identity = roleSession(account, 'Storage', `person-${index}`);
  const response = { volumeId: id, status: 'creating' };
  events.push(deployment.event({ eventId, service: 'ec2', eventName: 'CreateVolume', time, identity, response }));
  const own: Tags = index % 5 === 0 ? { 'created-at': 'long ago' } : {};
  if (index % 5 === 0) await tagBefore(deployment, id, own);
  expected.push({ id, tags: { ...tagsBy(`role/Storage/person-${index}`, time, eventId), ...own } });
}

function tagsBy(creator: string, time: Date, eventId: string): Tags {
  return {
    'created-by': creator,
    'created-at': time.toISOString().replace(/\.\d+Z$/, 'Z'),
    'creation-event': eventId,
  };
}

async function tagBefore({ ec2 }: Deployment, id: string, tags: Tags): Promise<void> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
}

async function volumesOf({ ec2 }: Deployment, instances: readonly string[]): Promise<string[]> {
  const Filters = [{ Name: 'attachment.instance-id', Values: [...instances] }];
  const found: string[] = [];
  for await (const { Volumes = [] } of paginateDescribeVolumes({ client: ec2 }, { Filters })) {
    found.push(...Volumes.map(({ VolumeId = '' }) => VolumeId));
  }
  return found;
}

async function tagsOf({ ec2 }: Deployment, ids: readonly string[]): Promise<Map<string, Tags>> {
  const found = new Map<string, Tags>();
  for (let start = 0; start < ids.length; start += 100) {
    const Filters = [{ Name: 'resource-id', Values: ids.slice(start, start + 100) }];
    for await (const { Tags = [] } of paginateDescribeTags({ client: ec2 }, { Filters })) {
      for (const { ResourceId = '', Key = '', Value = '' } of Tags)
        found.set(ResourceId, { ...found.get(ResourceId), [Key]: Value });
    }
  }
  return found;
}

async function awaitAll(run: ScenarioRun, deployment: Deployment, expected: readonly Expected[]): Promise<void> {
  await run.eventually(
    `the tags of ${expected.length} resources`,
    async () => {
      const tags = await tagsOf(
        deployment,
        expected.map(({ id }) => id),
      );
      const waiting = expected.filter(({ id, tags: due }) =>
        Object.keys(due).some((key) => tags.get(id)?.[key] === undefined),
      );
      if (waiting.length > 0) throw new Error(`${waiting.length} wait`);
      return true;
    },
    { withinSeconds: 240, everyMilliseconds: 1_000 },
  );
}

async function messagesIn({ sqs }: Deployment, QueueUrl: string): Promise<number> {
  const counts = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
  ] as const;
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...counts] }));
  return counts.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
}

/** Later deliveries must change nothing: they are waited for. */
async function awaitEmpty(run: ScenarioRun, deployment: Deployment): Promise<void> {
  await run.eventually(
    'the queue Events to be empty',
    async () => ((await messagesIn(deployment, deployment.eventsQueueUrl)) === 0 ? true : undefined),
    { withinSeconds: 240, everyMilliseconds: 1_000 },
  );
}

function deadLetters(run: ScenarioRun, deployment: Deployment): Promise<number> {
  return messagesIn(deployment, run.output('EventsDeadLettersUrl'));
}

function sameTags(found: Tags | undefined, due: Tags): boolean {
  const sorted = (tags: Tags) => JSON.stringify(Object.entries(tags).sort(([one], [other]) => (one < other ? -1 : 1)));
  return found !== undefined && sorted(found) === sorted(due);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
