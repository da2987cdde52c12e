import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { RedriveCommand } from '../command-line/redrive-command';
import { redriveFailures, type Failure } from './redrive-failures';

/** `npm run ops -- image-resize redrive` */
export const redriveImageResize: RedriveCommand = {
  slug: 'image-resize',
  stack: 'ImageResize',
  async run({ output, options, signal, say, complain }) {
    const queueUrl = output('FailuresQueueUrl');
    const { redriven, left, unreadable, error } = await redriveFailures({
      sqs: new SQSClient({}),
      lambda: new LambdaClient({}),
      queueUrl,
      functionName: output('ResizeImageFunctionName'),
      dryRun: options.dryRun,
      signal,
      onRedriven: (failure) => say(describe(failure, new Date())),
      ...(options.maximum === undefined ? {} : { maximum: options.maximum }),
    });
    const done = options.dryRun ? 'would be redriven' : 'redriven';
    say(`${redriven} ${done}, ${left} left that failed since the start, ${unreadable} unreadable`);
    if (unreadable > 0) {
      complain(`${unreadable} messages contain no failed event and stay in ${queueUrl}: look at them by hand`);
    }
    if (error !== undefined) complain(`stopped early: ${error.message}`);
    return error === undefined && unreadable === 0 ? 0 : 1;
  },
};

/** Returns one line with the age, attempts and reason of a failure; not the event, whose keys may contain personal data. */
export function describe({ condition, attempts, failedAt, reason }: Failure, now: Date): string {
  const when = failedAt === undefined ? '' : ` ${age(now.getTime() - failedAt.getTime())} ago`;
  const count = attempts === undefined ? '' : ` after ${attempts} attempts`;
  return `  failed${when}${count} (${condition})${reason === undefined ? '' : `: ${reason}`}`;
}

function age(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
