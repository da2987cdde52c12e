import { Duration, Validations } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { RunbookAlarm } from './runbook-alarm';
import { dataRemovalPolicy } from './data-removal-policy';

/** Without a dead-letter queue: a dry run of the redrive receives messages, and no number of receives may move one. */
export interface FailureQueueProps extends Omit<QueueProps, 'deadLetterQueue'> {
  readonly config: Config;
  readonly topic: ITopic;
  /** Start of its alarms' headings in the runbook, which end in `-visible` and `-old`. */
  readonly runbook: string;
}

/** Longer than messages are hidden while a person looks at them: they are visible at some time in each. */
const oldPeriod = Duration.hours(6);

/**
 * Queue for work that failed for good. Messages stay 14 days, for an operator to redrive.
 *
 * Alarms on visible messages, once and over days. `NumberOfMessagesSent` does not count messages that a redrive policy moves,
 * and `ApproximateAgeOfOldestMessage` leaves out those that were received three times, by a dry run too.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
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
      removalPolicy: dataRemovalPolicy(config),
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
      meaning: `Failed work has waited in ${id} for five days. SQS deletes a message 14 days after it was first sent.`,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({ period: oldPeriod, statistic: 'Maximum' }),
      threshold: 1,
      evaluationPeriods: Duration.days(5).toHours() / oldPeriod.toHours(),
      // A queue that nobody looks at stops reporting after a while.
      treatMissingData: TreatMissingData.IGNORE,
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
