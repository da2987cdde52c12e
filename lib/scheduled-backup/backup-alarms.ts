import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmPeriod, RunbookAlarm } from '../constructs/runbook-alarm';
import { sumOf } from './metrics';

export interface BackupAlarmsProps {
  readonly topic: ITopic;
  readonly backup: IBucket;
  readonly timeoutHours: number;
}

/** The alarms on what only the backup itself knows: that it was made, that it is sound, that two met. */
export class BackupAlarms extends Construct {
  constructor(scope: Construct, id: string, props: BackupAlarmsProps) {
    super(scope, id);
    const { topic, backup, timeoutHours } = props;
    // A day, the longest that the run may take, and an hour for the start. CloudWatch looks back a week at most.
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
      // An hour without a backup is no news; so many of them are the alarm.
      treatMissingData: TreatMissingData.BREACHING,
    });
    new RunbookAlarm(this, 'Mismatched', {
      topic,
      runbook: 'backup-mismatched',
      meaning: 'Copies in the Backup bucket are not what was backed up.',
      metric: sumOf('MismatchedObjects', backup, alarmPeriod),
      threshold: 1,
      evaluationPeriods: 1,
    });
    new RunbookAlarm(this, 'Refused', {
      topic,
      runbook: 'backup-refused',
      meaning: 'A backup was due while another one was still going, and was not begun.',
      metric: sumOf('RefusedRuns', backup, alarmPeriod),
      threshold: 1,
      evaluationPeriods: 1,
    });
  }
}
