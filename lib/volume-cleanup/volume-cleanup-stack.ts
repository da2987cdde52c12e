import { CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import { TreatMissingData, ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { metricDimension, type MetricName } from '../../lambda/volume-cleanup/metric-names';
import type { ArchitectureProps } from '../config';
import { AlarmTopic } from '../constructs/alarm-topic';
import { FailureQueue } from '../constructs/failure-queue';
import { MessageTopic } from '../constructs/message-topic';
import { alarmPeriod, RunbookAlarm } from '../constructs/runbook-alarm';
import { ServiceFunction } from '../constructs/service-function';
import { serviceMetric } from '../constructs/service-metric';
import { tableDefaults, textKey } from '../constructs/table-defaults';
import { allowCleanup } from './cleanup-permissions';
import { RecycleBin } from './recycle-bin';
import type { VolumeCleanupSettings } from './volume-cleanup-settings';

/** A day and the longest start of its run. */
const missedHours = 26;

/**
 * EBS volumes that were unattached for weeks are announced, snapshotted and deleted, a step a day; a dry run by default.
 *
 *     schedule -> FindCandidates -+-> Candidates
 *                                 +-> Reports
 *                                 +-> snapshots, deletion
 *                                 +-> FailedRuns -> alarm
 */
export class VolumeCleanupStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchitectureProps<VolumeCleanupSettings>) {
    const { config, settings, ...stackProps } = props;
    super(scope, id, {
      description: 'Deletes EBS volumes that were unattached for weeks (volume-cleanup)',
      ...stackProps,
    });

    const { topic } = new AlarmTopic(this, 'Alarms', { config });
    const candidates = new TableV2(this, 'Candidates', {
      ...tableDefaults(config),
      partitionKey: textKey('region'),
      sortKey: textKey('id'),
      timeToLiveAttribute: 'expiresAt',
    });
    const reports = new MessageTopic(this, 'Reports', {
      config,
      messages: 'Reports',
      sandboxReason: 'Sandbox reports have ids and prices of volumes and no data of theirs',
    });
    const failedRuns = new FailureQueue(this, 'FailedRuns', { config, topic, runbook: 'failed-runs' });

    const regions = settings.regions ?? [this.region];
    const { releaseAddresses } = settings;
    const otherKinds = [...new Set([...settings.otherKinds, ...(releaseAddresses ? ['addresses' as const] : [])])];
    const findCandidates = new ServiceFunction(this, 'FindCandidates', {
      config,
      topic,
      handlerFile: 'volume-cleanup/find-candidates',
      description: 'Takes each unused volume and address one step on: seen, announced, snapshotted, deleted',
      timeout: Duration.minutes(15),
      memorySize: 512,
      errorThreshold: 1,
      environment: {
        CANDIDATES_TABLE_NAME: candidates.tableName,
        REPORTS_TOPIC_ARN: reports.topic.topicArn,
        REGIONS: regions.join(','),
        STACK_NAME: this.stackName,
        MINIMUM_AGE_DAYS: String(settings.minimumAgeDays),
        GRACE_DAYS: String(settings.graceDays),
        SNAPSHOT_DAYS: String(settings.snapshotDays),
        MAXIMUM_VOLUMES: String(settings.maximumVolumes),
        MAXIMUM_GIBIBYTES: String(settings.maximumGibibytes),
        EXEMPT_TAGS: JSON.stringify(settings.exemptTags),
        OWNER_TAG: settings.ownerTag,
        DRY_RUN: String(settings.dryRun),
        OTHER_KINDS: otherKinds.join(','),
        RELEASE_ADDRESSES: String(releaseAddresses),
      },
      retryAttempts: 2,
      maxEventAge: Duration.hours(3),
      // CDK's SqsDestination grants three actions, and Lambda uses one.
      onFailure: { bind: () => ({ destination: failedRuns.queue.queueArn }) },
    });
    new Rule(this, 'Daily', {
      description: 'Starts the daily cleanup of volumes',
      schedule: Schedule.expression(settings.scheduleExpression),
      targets: [
        new LambdaFunction(findCandidates.function, {
          deadLetterQueue: failedRuns.queue,
          retryAttempts: 2,
          maxEventAge: Duration.hours(3),
        }),
      ],
    });

    findCandidates.allow(['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], candidates.tableArn);
    findCandidates.allow(['sqs:SendMessage'], failedRuns.queue.queueArn);
    reports.allowPublishing(findCandidates);
    allowCleanup(findCandidates, { ...settings, otherKinds });
    const reason =
      'The ids of volumes and snapshots are not known: conditions on their tags and a denial limit the actions.';
    Validations.of(findCandidates.role).acknowledge(
      { id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:*:<AWS::AccountId>:volume/*]', reason },
      { id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:*::snapshot/*]', reason },
      ...(releaseAddresses
        ? [
            {
              id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:*:<AWS::AccountId>:elastic-ip/*]',
              reason,
            },
          ]
        : []),
    );
    if (settings.recycleBinDays !== undefined) new RecycleBin(this, 'RecycleBin', { days: settings.recycleBinDays });

    const metric = (name: MetricName, period: Duration) =>
      serviceMetric(this, name, {
        dimensionsMap: { [metricDimension]: candidates.tableName },
        statistic: 'Sum',
        period,
      });
    new RunbookAlarm(this, 'Missed', {
      topic,
      runbook: 'cleanup-missed',
      meaning: `No run was completed in ${missedHours} hours.`,
      metric: metric('CompletedRuns', Duration.hours(1)),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: missedHours,
      datapointsToAlarm: missedHours,
      // An hour without a run is normal; this many in a row are not.
      treatMissingData: TreatMissingData.BREACHING,
    });
    new RunbookAlarm(this, 'Failed', {
      topic,
      runbook: 'volumes-failed',
      meaning: 'Volumes or addresses could not be taken a step on.',
      metric: metric('FailedVolumes', alarmPeriod),
      threshold: 1,
      evaluationPeriods: 1,
    });

    new CfnOutput(this, 'CandidatesTableName', { value: candidates.tableName });
    new CfnOutput(this, 'FindCandidatesFunctionName', { value: findCandidates.function.functionName });
    new CfnOutput(this, 'ReportsTopicArn', { value: reports.topic.topicArn });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}
