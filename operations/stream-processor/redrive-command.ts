import { SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedriveCommand } from '../command-line/redrive-command';
import { redriveDeadLetters } from './redrive-dead-letters';

/** `npm run ops -- stream-processor redrive` */
export const redriveStreamProcessor: RedriveCommand = {
  slug: 'stream-processor',
  stack: 'StreamProcessor',
  async run({ output, options, signal, say, complain }) {
    const { redriven, malformed } = await redriveDeadLetters({
      sqs: new SQSClient({}),
      queueUrl: output('ReadingsQueueUrl'),
      deadLetterQueueUrl: output('DeadLetterQueueUrl'),
      dryRun: options.dryRun,
      maximum: options.maximum ?? Infinity,
      wait: () => sleep(1_000 / (options.perSecond ?? 20)),
      signal,
    });
    say(`${redriven} ${options.dryRun ? 'would be redriven' : 'redriven'}`);
    if (malformed > 0) complain(`${malformed} hold no readings and stay: correct and send them, or delete them`);
    return malformed === 0 ? 0 : 1;
  },
};
