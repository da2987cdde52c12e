import { CreateQueueCommand, DeleteQueueCommand, ListQueueTagsCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { moveMessages } from '../../operations/resource-tagger/move-messages';
import type { Check } from '../shared/scenario';
import { readDeployment } from './deployment';

export const redriveProof: Check = {
  name: 'redrive',
  title: 'an event that EventBridge could not deliver is redriven and takes effect',
  async run(run) {
    const deployment = await readDeployment(run);
    const { sqs, eventsQueueUrl } = deployment;
    const deadLettersUrl = run.output('EventsDeadLettersUrl');
    const name = `${run.runId}-redriven`;
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    run.cleanUp('the queue', async () => void (await sqs.send(new DeleteQueueCommand({ QueueUrl }))));
    const event = deployment.event({
      eventId: name,
      service: 'sqs',
      eventName: 'CreateQueue',
      time: new Date(),
      request: { queueName: name },
      response: { queueUrl: QueueUrl },
    });
    // As EventBridge does with an event that it could not deliver.
    await sqs.send(new SendMessageCommand({ QueueUrl: deadLettersUrl, MessageBody: JSON.stringify(event) }));
    const signal = new AbortController().signal;
    const move = { sqs, from: deadLettersUrl, to: eventsQueueUrl, maximum: Infinity, signal };
    const shown = await run.step('redrive --dry-run', () => moveMessages({ ...move, dryRun: true }));
    run.assert(shown >= 1, 'a dry run counts the dead letter', String(shown));
    const moved = await run.step('redrive', () => moveMessages({ ...move, dryRun: false }));
    run.assert(moved >= 1, 'the dead letter is sent back', String(moved));
    await run.eventually('the tags of the queue', async () => {
      const { Tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }));
      return Tags?.['creation-event'] === name ? true : undefined;
    });
  },
};
