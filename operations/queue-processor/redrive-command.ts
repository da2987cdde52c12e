import { LambdaClient } from '@aws-sdk/client-lambda';
import { isFifo } from '../../lambda/queue-processor/queue-type';
import { maximumPerSecond, redriveReasons, type SampledDeadLetter } from '../../lambda/queue-processor/redrive-request';
import type { RedriveCommand } from '../command-line/redrive-command';
import { redriveDeadLetters, type RedriveResult } from './redrive-dead-letters';

/** Longer than the function's timeout of 60 seconds: a client that times out earlier would start a second invocation. */
const requestTimeout = 90_000;

/** `npm run ops -- queue-processor redrive` */
export const redriveQueueProcessor: RedriveCommand = {
  slug: 'queue-processor',
  stack: 'QueueProcessor',
  reasons: redriveReasons,
  maximumPerSecond,
  async run({ output, options, signal, say, complain }) {
    const { dryRun, maximum, olderThanSeconds, reason, perSecond } = options;
    const result = await redriveDeadLetters({
      lambda: new LambdaClient({ requestHandler: { requestTimeout } }),
      functionName: output('RedriveFunctionName'),
      request: {
        dryRun,
        ...(maximum === undefined ? {} : { max: maximum }),
        ...(olderThanSeconds === undefined ? {} : { olderThanSeconds }),
        ...(reason === undefined ? {} : { reason: redriveReasons.find((one) => one === reason) }),
        ...(perSecond === undefined ? {} : { perSecond }),
      },
      signal,
      onProgress: ({ examined, sent, remaining }) => {
        say(dryRun ? `  ${examined} examined so far` : `  ${sent} sent so far, about ${remaining} left`);
      },
    });
    for (const line of describe(result, dryRun)) say(line);
    const notExamined = result.stopped || maximum !== undefined ? 0 : result.found - result.examined;
    if (notExamined > 0 && isFifo(output('DeadLetterQueueUrl'))) {
      say(
        `about ${notExamined} were not examined: a FIFO queue returns only the first messages of a customer while they are kept`,
      );
    }
    if (result.stopped) complain('stopped before the end: run the command again for the rest');
    if (result.error !== undefined) complain(`stopped early: ${result.error.message}`);
    const refused = Object.entries(result.refused);
    for (const [code, count] of refused)
      complain(`${count} are still in the dead-letter queue: Orders refuses them (${code})`);
    return result.stopped || result.error !== undefined || refused.length > 0 ? 1 : 0;
  },
};

/** Returns the result as lines for the operator: ids and reasons, nothing of the messages' content. */
export function describe(result: RedriveResult, dryRun: boolean): string[] {
  const { found, examined, sent, remaining, reasons, oldestSeconds, sample } = result;
  const counts = Object.entries(reasons).sort(([, one], [, other]) => other - one);
  const width = Math.max(0, ...counts.map(([reason]) => reason.length));
  const share = examined < found ? ` (${examined} examined)` : '';
  return [
    dryRun
      ? `about ${found} dead letters${share}, ${sent} would be sent`
      : `${sent} sent, about ${remaining} left in the dead-letter queue`,
    ...counts.map(([reason, count]) => `  ${reason.padEnd(width)}  ${count}`),
    ...(sent === 0 ? [] : [`  the oldest was sent ${ageOf(oldestSeconds)} ago`]),
    ...(dryRun && sample.length > 0 ? ['a sample:', ...sample.map(line)] : []),
  ];
}

function line({ messageId, orderId, reason, detail, ageSeconds }: SampledDeadLetter): string {
  const order = orderId === undefined ? '' : ` order ${orderId}`;
  return `  ${messageId}${order}: ${reason}${detail === '' ? '' : ` (${detail})`}, ${ageOf(ageSeconds)} old`;
}

function ageOf(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
