import { SQSClient } from '@aws-sdk/client-sqs';
import type { RedriveCommand } from '../command-line/redrive-command';
import { redriveEndedExecutions } from './redrive-ended-executions';

/** `npm run ops -- order-workflow redrive` */
export const redriveOrderWorkflow: RedriveCommand = {
  slug: 'order-workflow',
  stack: 'OrderWorkflow',
  async run({ output, options, signal, say, complain }) {
    const deadLettersUrl = output('EndedExecutionsDeadLettersUrl');
    const { redriven, outdated, unreadable } = await redriveEndedExecutions({
      sqs: new SQSClient({}),
      deadLettersUrl,
      queueUrl: output('EndedExecutionsQueueUrl'),
      dryRun: options.dryRun,
      signal,
      onRedriven: ({ name, status }) => say(`  execution ${name} ${status}`),
      ...(options.maximum === undefined ? {} : { maximum: options.maximum }),
    });
    say(
      `${redriven} ${options.dryRun ? 'would be redriven' : 'redriven'}, ${outdated} outdated counts, ${unreadable} unreadable`,
    );
    if (unreadable > 0) complain(`${unreadable} messages are not ended executions and stay in ${deadLettersUrl}`);
    return unreadable === 0 ? 0 : 1;
  },
};
