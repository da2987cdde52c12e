import { SQSClient } from '@aws-sdk/client-sqs';
import type { RedriveCommand } from '../command-line/redrive-command';
import { redriveRequests, redriveReasons } from './redrive-requests';

/** `npm run ops -- document-renderer redrive` */
export const redriveDocumentRenderer: RedriveCommand = {
  slug: 'document-renderer',
  stack: 'DocumentRenderer',
  reasons: redriveReasons,
  async run({ output, options, signal, say, complain }) {
    const { dryRun, maximum, olderThanSeconds, reason, perSecond } = options;
    const { sent, left, reasons, error } = await redriveRequests({
      sqs: new SQSClient({}),
      failuresQueueUrl: output('FailuresQueueUrl'),
      rendersQueueUrl: output('RendersQueueUrl'),
      dryRun,
      signal,
      maximum: maximum ?? Infinity,
      perSecond: perSecond ?? 20,
      matches: ({ reason: found, ageSeconds }) =>
        (reason === undefined || found === reason) && ageSeconds >= (olderThanSeconds ?? 0),
    });
    say(`${sent} ${dryRun ? 'would be sent' : 'sent'}, ${left} left`);
    for (const [name, count] of Object.entries(reasons).sort(([, one], [, other]) => other - one)) {
      say(`  ${name}  ${count}`);
    }
    if (signal.aborted) complain('stopped before the end: run the command again for the rest');
    if (error !== undefined) complain(`stopped early: ${error.message}`);
    return signal.aborted || error !== undefined ? 1 : 0;
  },
};
