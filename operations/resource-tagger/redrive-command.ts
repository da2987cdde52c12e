import { SQSClient } from '@aws-sdk/client-sqs';
import type { RedriveCommand } from '../command-line/redrive-command';
import { moveMessages } from './move-messages';

/** `npm run ops -- resource-tagger redrive` */
export const redriveResourceTagger: RedriveCommand = {
  slug: 'resource-tagger',
  stack: 'ResourceTagger',
  async run({ output, options, signal, say }) {
    const moved = await moveMessages({
      sqs: new SQSClient({}),
      from: output('EventsDeadLettersUrl'),
      to: output('EventsQueueUrl'),
      maximum: options.maximum ?? Infinity,
      dryRun: options.dryRun,
      signal,
    });
    say(`${moved} events ${options.dryRun ? 'would be sent' : 'sent'} back to Events`);
    return 0;
  },
};
