import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { RedriveCommand } from '../redrive-command';
import { redriveFailures, type Failure } from './redrive-failures';

/** `npm run redrive -- image-resize` */
export const redriveImageResize: RedriveCommand = {
  stack: 'ImageResize',
  selects: false,
  async run({ output, options, signal, say, complain }) {
    const queueUrl = output('FailuresQueueUrl');
    const { redriven, left, unreadable, error } = await redriveFailures({
      sqs: new SQSClient({}),
      lambda: new LambdaClient({}),
      queueUrl,
      functionName: output('ResizeImageFunctionName'),
      dryRun: options.dryRun,
      signal,
      onRedriven: (failure) => say(describe(failure)),
      ...(options.maximum === undefined ? {} : { maximum: options.maximum }),
    });
    const done = options.dryRun ? 'would be redriven' : 'redriven';
    say(`${redriven} ${done}, ${left} left that failed since the start, ${unreadable} unreadable`);
    if (unreadable > 0) {
      complain(`${unreadable} messages hold no failed event and stay in ${queueUrl}: look at them by hand`);
    }
    if (error !== undefined) complain(`stopped early: ${error.message}`);
    return error === undefined && unreadable === 0 ? 0 : 1;
  },
};

/** Without the event: its keys may hold personal data. */
function describe({ condition, attempts }: Failure): string {
  return `  failed after ${attempts} attempts (${condition})`;
}
