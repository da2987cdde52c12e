import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { RunbookAlarm } from './runbook-alarm';

export interface FailureQueueProps extends QueueProps {
  readonly config: Config;
  readonly topic: ITopic;
  /** Start of its alarms' headings in the runbook, which end in `-visible` and `-old`. */
  readonly runbook: string;
}

/**
 * Queue for work that failed for good. Messages stay 14 days, for an operator to redrive.
 *
 * Alarms on visible messages and on their age: `NumberOfMessagesSent` does not count messages that a redrive policy moves.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
export class FailureQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: FailureQueueProps) {
    super(scope, id);
    const { config, topic, runbook, ...others } = props;
    this.queue = new Queue(this, 'Default', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: config.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...others,
    });
    new RunbookAlarm(this, 'Visible', {
      topic,
      runbook: `${runbook}-visible`,
      meaning: `Work failed for good and waits in ${id} to be looked at and sent again.`,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 1,
      evaluationPeriods: 1,
    });
    new RunbookAlarm(this, 'Old', {
      topic,
      runbook: `${runbook}-old`,
      meaning: `Failed work in ${id} is ten days old and will be gone after fourteen.`,
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'Maximum' }),
      threshold: Duration.days(10).toSeconds(),
      evaluationPeriods: 1,
    });
    const reason =
      'This is where failed work ends: a queue behind it would hide it from the alarm and from the redrive.';
    Validations.of(this.queue).acknowledge(
      { id: 'AwsSolutions::AwsSolutions-SQS3', reason },
      { id: 'Serverless::Serverless-SQSRedrivePolicy', reason },
      { id: 'cdk-validator-cfnguard::sqs_dlq_check', reason },
    );
  }
}
