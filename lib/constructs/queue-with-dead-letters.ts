import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Queue, QueueEncryption, RedrivePermission, type IQueue, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { FailureQueue } from './failure-queue';
import { stackUniqueName } from './stack-unique-name';

export interface QueueWithDeadLettersProps extends Omit<
  QueueProps,
  'queueName' | 'deadLetterQueue' | 'visibilityTimeout' | 'redriveAllowPolicy'
> {
  readonly config: Config;
  readonly topic: ITopic;
  /** The start of the dead letters' headings in the runbook, which go on `-visible` and `-old`. */
  readonly runbook: string;
  /** The timeout of the function that is fed from the queue. */
  readonly consumerTimeout: Duration;
  /** How long its event source mapping gathers messages for a batch. */
  readonly batchingWindow: Duration;
  /** A message that was received so often without being deleted is set aside. */
  readonly maximumReceives: number;
}

/** What AWS asks for: enough for a batch to be tried again while its function is throttled. */
const timeoutsHidden = 6;

/**
 * A queue that feeds a function, and the queue where messages end that keep failing.
 *
 * A received message stays hidden for six timeouts of the function and the batching window, as AWS advises, and only
 * this queue may set messages aside in its dead-letter queue.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export class QueueWithDeadLetters extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: QueueWithDeadLettersProps) {
    super(scope, id);
    const { config, topic, runbook, consumerTimeout, batchingWindow, maximumReceives, ...others } = props;
    const fifo = others.fifo === true;
    // Each of the two queues has to name the other, a circle that CloudFormation refuses: one needs a name known beforehand.
    const queueName = stackUniqueName(this, id) + (fifo ? '.fifo' : '');

    const { queue: deadLetters } = new FailureQueue(this, 'DeadLetters', {
      config,
      topic,
      runbook,
      ...(fifo ? { fifo } : {}),
      redriveAllowPolicy: {
        redrivePermission: RedrivePermission.BY_QUEUE,
        sourceQueues: [sourceQueue(this, queueName, fifo)],
      },
    });
    this.deadLetters = deadLetters;
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: config.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...others,
      queueName,
      visibilityTimeout: Duration.seconds(timeoutsHidden * consumerTimeout.toSeconds() + batchingWindow.toSeconds()),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: maximumReceives },
    });
  }
}

function sourceQueue(scope: Construct, queueName: string, fifo: boolean): IQueue {
  const queueArn = Stack.of(scope).formatArn({ service: 'sqs', resource: queueName });
  return Queue.fromQueueAttributes(scope, 'QueueByName', { queueArn, fifo });
}
