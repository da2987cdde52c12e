import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { RedriveCommand, RedriveRun } from '../command-line/redrive-command';

export interface Unstarted {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly sfn: Pick<SFNClient, 'send'>;
  readonly queueUrl: string;
  readonly stateMachineArn: string;
}

/** `npm run ops -- etl-pipeline redrive` */
export const redriveEtlPipeline: RedriveCommand = {
  slug: 'etl-pipeline',
  stack: 'EtlPipeline',
  async run(redrive) {
    const { output, options, say } = redrive;
    const started = await startUnstarted(
      {
        sqs: new SQSClient({}),
        sfn: new SFNClient({}),
        queueUrl: output('UnstartedFilesUrl'),
        stateMachineArn: output('EtlStateMachineArn'),
      },
      redrive,
    );
    say(`${started} ${options.dryRun ? 'would be started' : 'started'}`);
    return 0;
  },
};

/**
 * Starts an execution for each event of a file in the queue, and deletes it then. An event that is started twice is claimed once.
 *
 * `StartMessageMoveTask` takes only messages that SQS has moved, and these are from EventBridge.
 */
export async function startUnstarted(
  { sqs, sfn, queueUrl: QueueUrl, stateMachineArn }: Unstarted,
  { options, signal }: Pick<RedriveRun, 'options' | 'signal'>,
): Promise<number> {
  const { dryRun, maximum = Infinity } = options;
  const seen = new Set<string>();
  const shown: string[] = [];
  try {
    while (seen.size < maximum && !signal.aborted) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: Math.min(10, maximum - seen.size),
          VisibilityTimeout: 120,
          // Long polling asks all servers of the queue, so that no message means none.
          WaitTimeSeconds: 2,
        }),
      );
      const fresh = Messages.filter(({ MessageId = '' }) => !seen.has(MessageId));
      if (fresh.length === 0) break;
      for (const { MessageId = '', Body, ReceiptHandle = '' } of fresh) {
        if (dryRun) shown.push(ReceiptHandle);
        else {
          // The next event of a schedule does what a failed one left.
          if (!isScheduled(Body)) await sfn.send(new StartExecutionCommand({ stateMachineArn, input: Body }));
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
        seen.add(MessageId);
      }
    }
    return seen.size;
  } finally {
    await Promise.allSettled(
      shown.map((ReceiptHandle) =>
        sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
      ),
    );
  }
}

/** Event of a schedule, from EventBridge or in Lambda's record of a failed invocation. */
function isScheduled(body = ''): boolean {
  return body.includes('"Scheduled Event"');
}
