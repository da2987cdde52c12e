import { LambdaClient } from '@aws-sdk/client-lambda';
import type { SampledLetter } from '../../lambda/queue-processor/redrive-request';
import type { RedriveCommand } from '../redrive-command';
import { redriveDeadLetters, type RedriveResult } from './redrive-dead-letters';

/** Above the 60 seconds that the function has: a client that gives up earlier would start a second one beside it. */
const requestTimeout = 90_000;

/** `npm run redrive -- queue-processor` */
export const redriveQueueProcessor: RedriveCommand = {
  stack: 'QueueProcessor',
  selects: true,
  async run({ output, options, signal, say, complain }) {
    const { dryRun, maximum, olderThanSeconds, reason, perSecond } = options;
    const result = await redriveDeadLetters({
      lambda: new LambdaClient({ requestHandler: { requestTimeout } }),
      functionName: output('RedriveFunctionName'),
      request: {
        dryRun,
        ...(maximum === undefined ? {} : { max: maximum }),
        ...(olderThanSeconds === undefined ? {} : { olderThanSeconds }),
        ...(reason === undefined ? {} : { reason }),
        ...(perSecond === undefined ? {} : { perSecond }),
      },
      signal,
      onProgress: ({ sent, left }) => {
        if (!dryRun) say(`  ${sent} sent back so far, about ${left} left`);
      },
    });
    for (const line of describe(result, dryRun)) say(line);
    const unseen = result.stopped || maximum !== undefined ? 0 : result.found - result.looked;
    if (unseen > 0 && output('DeadLetterQueueUrl').endsWith('.fifo')) {
      say(
        `about ${unseen} were not seen: a FIFO queue shows no message of a customer while an earlier one is left in it`,
      );
    }
    if (result.stopped) complain('stopped before the end: run it again for the rest');
    if (result.error !== undefined) complain(`stopped early: ${result.error.message}`);
    return result.stopped || result.error !== undefined ? 1 : 0;
  },
};

/** What was found, or done, in lines for a person: ids and reasons, nothing that a message says. */
export function describe(result: RedriveResult, dryRun: boolean): string[] {
  const { found, looked, sent, left, reasons, oldestSeconds, sample } = result;
  const counts = Object.entries(reasons).sort(([, one], [, other]) => other - one);
  const width = Math.max(0, ...counts.map(([reason]) => reason.length));
  const seen = looked < found ? ` (${looked} of them looked at)` : '';
  return [
    dryRun
      ? `about ${found} dead letters${seen}, ${sent} would be sent back`
      : `${sent} sent back, about ${left} left among the dead letters`,
    ...counts.map(([reason, count]) => `  ${reason.padEnd(width)}  ${count}`),
    ...(sent === 0 ? [] : [`  the oldest was sent ${ageOf(oldestSeconds)} ago`]),
    ...(dryRun && sample.length > 0 ? ['a sample:', ...sample.map(line)] : []),
  ];
}

function line({ messageId, orderId, reason, detail, ageSeconds }: SampledLetter): string {
  const order = orderId === undefined ? '' : ` order ${orderId}`;
  return `  ${messageId}${order}: ${reason}${detail === '' ? '' : ` (${detail})`}, ${ageOf(ageSeconds)} old`;
}

function ageOf(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
