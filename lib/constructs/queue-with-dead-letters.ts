import { Duration, Stack } from 'aws-cdk-lib';
import { Queue, QueueEncryption, RedrivePermission, type IQueue, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { FailureQueue } from './failure-queue';
import { stackUniqueName } from './stack-unique-name';
import { dataRemovalPolicy } from './data-removal-policy';

export interface QueueWithDeadLettersProps extends Omit<
  QueueProps,
  'queueName' | 'deadLetterQueue' | 'visibilityTimeout' | 'redriveAllowPolicy'
> {
  readonly config: Config;
  readonly topic: ITopic;
  /** Start of the dead-letter queue's headings in the runbook, which end in `-visible` and `-old`. */
  readonly runbook: string;
  /** Timeout of the function that consumes the queue. */
  readonly consumerTimeout: Duration;
  /** Batching window of its event source mapping. */
  readonly batchingWindow: Duration;
  /** Receives after which a message that was not deleted goes to the dead-letter queue. */
  readonly maximumReceives: number;
}

/** Function timeouts that a received message stays hidden, as AWS asks: a throttled batch can be tried again. */
const timeoutsHidden = 6;

/**
 * Queue that a function consumes, and its dead-letter queue.
 *
 * The visibility timeout is six timeouts of the function and the batching window, as AWS advises. Only this queue may use
 * the dead-letter queue.
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
      removalPolicy: dataRemovalPolicy(config),
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
