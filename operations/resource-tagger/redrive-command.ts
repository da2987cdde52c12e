import { SQSClient } from '@aws-sdk/client-sqs';
import type { RedriveCommand } from '../command-line/redrive-command';
import { moveMessages } from './move-messages';

/** Outputs of the queues and their dead-letter queues; those of the webhooks are there by setting. */
const queues = [
  { name: 'Events', to: 'EventsQueueUrl', from: 'EventsDeadLettersUrl', what: 'events' },
  { name: 'SlackNotices', to: 'SlackNoticesQueueUrl', from: 'SlackDeadLettersUrl', what: 'notices' },
  { name: 'TeamsNotices', to: 'TeamsNoticesQueueUrl', from: 'TeamsDeadLettersUrl', what: 'notices' },
] as const;

/** `npm run ops -- resource-tagger redrive` */
export const redriveResourceTagger: RedriveCommand = {
  slug: 'resource-tagger',
  stack: 'ResourceTagger',
  async run({ output, optionalOutput, options, signal, say }) {
    const sqs = new SQSClient({});
    let rest = options.maximum ?? Infinity;
    for (const { name, to, from, what } of queues) {
      const target = name === 'Events' ? output(to) : optionalOutput(to);
      if (target === undefined || rest === 0) continue;
      const { dryRun } = options;
      const moved = await moveMessages({ sqs, from: output(from), to: target, maximum: rest, dryRun, signal });
      rest -= moved;
      say(`${moved} ${what} ${dryRun ? 'would be sent' : 'sent'} back to ${name}`);
    }
    return 0;
  },
};
