import { CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ArchitectureProps } from '../config';
import { AlarmTopic } from '../constructs/alarm-topic';
import { FailureQueue } from '../constructs/failure-queue';
import { AwsBackup } from './aws-backup';
import { BackupAlarms } from './backup-alarms';
import { BackupBuckets, existing } from './backup-buckets';
import { backupDefinition } from './backup-definition';
import { addBackupSteps, addRestoreSteps } from './backup-steps';
import { DailyBackupSchedule } from './daily-backup-schedule';
import { Machine } from './machine';
import { restoreDefinition } from './restore-definition';
import type { ScheduledBackupSettings } from './scheduled-backup-settings';

/**
 * A bucket is backed up every night into a folder of the day, each copy is verified, and any day can be restored.
 *
 *     DailyBackupSchedule -> Backup machine -> list -> copy (distributed map) -> manifest -> verify -> summary -> prune
 *       | cannot start                           Source bucket -> Backup bucket              Alarms topic <-+
 *       +-> MissedStarts -> alarm
 *     npm run restore -> Restore machine -> read manifest -> check, copy back (distributed map) -> report
 */
export class ScheduledBackupStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchitectureProps<ScheduledBackupSettings>) {
    const { config, settings, ...stackProps } = props;
    super(scope, id, { description: 'A bucket backed up every night and verified (scheduled-backup)', ...stackProps });

    const { topic } = new AlarmTopic(this, 'Alarms', { config });
    const buckets = new BackupBuckets(this, 'Buckets', { config, settings });
    const { source, backup } = buckets;
    const restoreTargets = [source, ...settings.restoreTargets.map((name) => existing(this, `Target-${name}`, name))];
    const stepProps = { config, topic, settings, buckets, restoreTargets };
    const backupSteps = addBackupSteps(this, stepProps);
    const restoreSteps = addRestoreSteps(this, stepProps);

    const backupMachine = new Machine(this, 'BackupMachine', {
      config,
      topic,
      definition: backupDefinition({
        steps: backupSteps,
        sourceBucketName: source.bucket.bucketName,
        backupBucketName: backup.bucket.bucketName,
        topicArn: topic.topicArn,
        settings,
      }),
      steps: Object.values(backupSteps),
      listed: [source.bucket.bucketArn, backup.bucket.bucketArn],
      runbook: 'backup',
    });
    // Of its own, since the role's policy must exist before the function and the function before the machine.
    const otherRuns = new Policy(this, 'OtherRuns', {
      roles: [backupSteps.beginBackup.role],
      statements: [
        new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [backupMachine.executions] }),
      ],
    });
    Validations.of(otherRuns).acknowledge({
      id: backupMachine.executionsFinding,
      reason: 'It asks whether the run that holds the lock is still going, whichever that is.',
    });
    const restoreMachine = new Machine(this, 'RestoreMachine', {
      config,
      topic,
      definition: restoreDefinition({
        steps: restoreSteps,
        backupBucketName: backup.bucket.bucketName,
        topicArn: topic.topicArn,
        settings,
      }),
      steps: Object.values(restoreSteps),
      listed: [backup.bucket.bucketArn],
      runbook: 'restore',
    });

    const missedStarts = new FailureQueue(this, 'MissedStarts', { config, topic, runbook: 'missed-starts' });
    new DailyBackupSchedule(this, 'DailyBackupSchedule', {
      settings,
      target: backupMachine.stateMachine,
      deadLetters: missedStarts,
    });
    new BackupAlarms(this, 'Backups', { topic, backup: backup.bucket, timeoutHours: settings.timeoutHours });
    if (settings.awsBackup) new AwsBackup(this, 'AwsBackup', { config, topic, dailyDays: settings.retentionDays });

    new CfnOutput(this, 'SourceBucketName', { value: source.bucket.bucketName });
    new CfnOutput(this, 'BackupBucketName', { value: backup.bucket.bucketName });
    new CfnOutput(this, 'BackupStateMachineArn', { value: backupMachine.stateMachine.stateMachineArn });
    new CfnOutput(this, 'RestoreStateMachineArn', { value: restoreMachine.stateMachine.stateMachineArn });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}
