import { Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Queue, QueueEncryption, RedrivePermission, type IQueue, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { FailureQueue } from './failure-queue';

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
  readonly deadLetters: FailureQueue;

  constructor(scope: Construct, id: string, props: QueueWithDeadLettersProps) {
    super(scope, id);
    const { config, topic, runbook, consumerTimeout, batchingWindow, maximumReceives, ...others } = props;
    const fifo = others.fifo === true;
    const queueName = nameOf(this, id, fifo);

    this.deadLetters = new FailureQueue(this, 'DeadLetters', {
      config,
      topic,
      runbook,
      ...(fifo ? { fifo } : {}),
      redriveAllowPolicy: {
        redrivePermission: RedrivePermission.BY_QUEUE,
        sourceQueues: [sourceQueue(this, queueName, fifo)],
      },
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: config.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...others,
      queueName,
      visibilityTimeout: Duration.seconds(timeoutsHidden * consumerTimeout.toSeconds() + batchingWindow.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maximumReceives },
    });
  }
}

/**
 * The queue's name, from the stack's name and its id.
 *
 * Each of the two queues has to name the other, a circle that CloudFormation refuses, so one of them needs a name that is
 * known before it exists. The id of the stack is another each time the stack is made: a name of a stack that was deleted
 * is barred for a minute, and taken if the queue was retained.
 */
function nameOf(scope: Construct, id: string, fifo: boolean): string {
  const { stackName, stackId } = Stack.of(scope);
  const uuid = Fn.select(2, Fn.split('/', stackId));
  return Fn.join('-', [stackName, id, Fn.select(0, Fn.split('-', uuid))]) + (fifo ? '.fifo' : '');
}

function sourceQueue(scope: Construct, queueName: string, fifo: boolean): IQueue {
  const queueArn = Stack.of(scope).formatArn({ service: 'sqs', resource: queueName });
  return Queue.fromQueueAttributes(scope, 'QueueByName', { queueArn, fifo });
}
