import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { metricDimension, type MetricName } from '../../lambda/scheduled-backup/metric-names';
import { alarmPeriod, RunbookAlarm } from '../constructs/runbook-alarm';
import { serviceMetric } from '../constructs/service-metric';

export interface BackupAlarmsProps {
  readonly topic: ITopic;
  readonly backup: IBucket;
  readonly timeoutHours: number;
}

/** Alarms on the backup's own metrics: no complete backup, copies that do not match, a refused run. */
export class BackupAlarms extends Construct {
  constructor(scope: Construct, id: string, props: BackupAlarmsProps) {
    super(scope, id);
    const { topic, backup, timeoutHours } = props;
    // A day, the longest run, and an hour for the start. CloudWatch evaluates a week at most.
    const hours = 24 + timeoutHours + 1;
    new RunbookAlarm(this, 'Missed', {
      topic,
      runbook: 'backup-missed',
      meaning: `No backup was completed in ${hours} hours.`,
      metric: sumOf('CompletedBackups', backup, Duration.hours(1)),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: hours,
      datapointsToAlarm: hours,
      // An hour without a backup is normal; this many in a row are not.
      treatMissingData: TreatMissingData.BREACHING,
    });
    new RunbookAlarm(this, 'Mismatched', {
      topic,
      runbook: 'backup-mismatched',
      meaning: 'Copies in the Backup bucket differ from what was backed up.',
      metric: sumOf('MismatchedObjects', backup, alarmPeriod),
      threshold: 1,
      evaluationPeriods: 1,
    });
    new RunbookAlarm(this, 'Refused', {
      topic,
      runbook: 'backup-refused',
      meaning: 'A backup was due while another one was still running, and was not started.',
      metric: sumOf('RefusedRuns', backup, alarmPeriod),
      threshold: 1,
      evaluationPeriods: 1,
    });
  }
}

function sumOf(metricName: MetricName, backup: IBucket, period: Duration): Metric {
  return serviceMetric(backup, metricName, {
    dimensionsMap: { [metricDimension]: backup.bucketName },
    statistic: 'Sum',
    period,
  });
}
