import { CreateQueueCommand, DeleteQueueCommand, ListQueueTagsCommand } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { repeats } from '../shared/faults/duplicates';
import { killAlong } from '../shared/faults/kills';
import { shuffled } from '../shared/faults/reordering';
import type { Check } from '../shared/scenario';
import { createVolume, launch, newestImage, type Expected } from './creations';
import { readDeployment, sendEvents } from './deployment';
import type { CloudTrailEvent } from './events';
import { awaitEmpty, deadLetters } from './queues';
import { awaitAll, sameTags, tagsOf } from './tags';

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

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
