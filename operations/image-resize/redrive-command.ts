import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { RedriveCommand, RedriveRun } from '../command-line/redrive-command';
import type { Failure } from './failure';
import { redriveFailures, type RedriveResult } from './redrive-failures';

/** Outputs of the queues that hold failed events. */
const queues = ['FailuresQueueUrl', 'NotFoundQueueUrl'];

/** `npm run ops -- image-resize redrive` */
export const redriveImageResize: RedriveCommand = {
  slug: 'image-resize',
  stack: 'ImageResize',
  async run(run) {
    const { options, say } = run;
    let redriven = 0;
    let failed = false;
    for (const name of queues) {
      const maximum = options.maximum === undefined ? undefined : options.maximum - redriven;
      if (maximum === 0 || run.signal.aborted) break;
      const queueUrl = run.output(name);
      say(`queue ${queueUrl.split('/').at(-1) ?? ''}`);
      const result = await redriveQueue(run, queueUrl, maximum);
      redriven += result.redriven;
      const isComplete = report(run, queueUrl, result);
      failed = failed || !isComplete;
      if (result.error !== undefined) break;
    }
    return failed ? 1 : 0;
  },
};

function redriveQueue(
  { output, options, signal, say }: RedriveRun,
  queueUrl: string,
  maximum: number | undefined,
): Promise<RedriveResult> {
  return redriveFailures({
    sqs: new SQSClient({}),
    lambda: new LambdaClient({}),
    queueUrl,
    functionName: output('ResizeImageFunctionName'),
    dryRun: options.dryRun,
    signal,
    onRedriven: (failure) => say(describe(failure, new Date())),
    ...(maximum === undefined ? {} : { maximum }),
    ...(options.perSecond === undefined ? {} : { perSecond: options.perSecond }),
  });
}

/** Reports a queue's result; returns whether nothing is left to do by hand. */
function report({ options, say, complain }: RedriveRun, queueUrl: string, result: RedriveResult): boolean {
  const { redriven, left, unreadable, error } = result;
  const done = options.dryRun ? 'would be redriven' : 'redriven';
  say(`${redriven} ${done}, ${left} left that failed since the start, ${unreadable} unreadable`);
  if (unreadable > 0) {
    complain(`${unreadable} messages contain no failed event and stay in ${queueUrl}: look at them by hand`);
  }
  if (error !== undefined) complain(`stopped early: ${error.message}`);
  return error === undefined && unreadable === 0;
}

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
