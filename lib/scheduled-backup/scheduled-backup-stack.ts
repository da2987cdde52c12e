import { CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { ArchitectureProps } from '../config';
import { AlarmTopic } from '../constructs/alarm-topic';
import { FailureQueue } from '../constructs/failure-queue';
import type { ServiceFunction } from '../constructs/service-function';
import { ServiceStateMachine } from '../constructs/service-state-machine';
import { AwsBackup } from './aws-backup';
import { BackupAlarms } from './backup-alarms';
import { allowObjects, BackupBuckets, existing, type GrantedBucket } from './backup-buckets';
import { backupDefinition } from './backup-definition';
import { addBackupSteps, addRestoreSteps } from './backup-steps';
import { DailyBackupSchedule } from './daily-backup-schedule';
import { restoreDefinition } from './restore-definition';
import type { ScheduledBackupSettings } from './scheduled-backup-settings';
import { mapResultsPrefix } from './states';

/**
 * Backs up a bucket every night into a folder of the day, verifies each copy, and restores any day.
 *
 *     DailyBackupSchedule -> Backup machine -> list -> copy (distributed map) -> manifest -> verify -> summary -> prune
 *       | cannot start                           Source bucket -> Backup bucket              Alarms topic <-+
 *       +-> MissedStarts -> alarm
 *     npm run ops -- scheduled-backup restore -> Restore machine -> read manifest -> check, copy back (distributed map) -> report
 */
export class ScheduledBackupStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchitectureProps<ScheduledBackupSettings>) {
    const { config, settings, ...stackProps } = props;
    super(scope, id, { description: 'A bucket backed up every night and verified (scheduled-backup)', ...stackProps });

    const { topic } = new AlarmTopic(this, 'Alarms', { config });
    const buckets = new BackupBuckets(this, 'Buckets', { config, settings });
    const { source, backup, journal } = buckets;
    const restoreTargets = [source, ...settings.restoreTargets.map((name) => existing(this, `Target-${name}`, name))];
    const stepProps = { config, topic, settings, buckets, restoreTargets };
    const backupSteps = addBackupSteps(this, stepProps);
    const restoreSteps = addRestoreSteps(this, stepProps);

    const backupMachine = new ServiceStateMachine(this, 'BackupMachine', {
      config,
      topic,
      description: 'Permissions of the backup state machine',
      definition: backupDefinition({
        steps: backupSteps,
        sourceBucketName: source.bucket.bucketName,
        backupBucketName: backup.bucket.bucketName,
        journalBucketName: journal.bucket.bucketName,
        topicArn: topic.topicArn,
        settings,
      }),
      runbook: 'backup',
      alarms: { failed: 'A backup failed.', timedOut: 'A backup exceeded its timeout.' },
    });
    allowSteps(
      backupMachine,
      topic,
      Object.values(backupSteps),
      [source.bucket.bucketArn, backup.bucket.bucketArn],
      journal,
    );
    // A policy of its own, since the role's policy must exist before the function and the function before the machine.
    const otherRuns = new Policy(this, 'OtherRuns', {
      roles: [backupSteps.beginBackup.role],
      statements: [
        new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [backupMachine.executionArns] }),
      ],
    });
    Validations.of(otherRuns).acknowledge({
      id: backupMachine.executionArnsFinding,
      reason: 'It asks whether the run that holds the lock is still running, whichever that is.',
    });
    const restoreMachine = new ServiceStateMachine(this, 'RestoreMachine', {
      config,
      topic,
      description: 'Permissions of the restore state machine',
      definition: restoreDefinition({
        steps: restoreSteps,
        backupBucketName: backup.bucket.bucketName,
        journalBucketName: journal.bucket.bucketName,
        topicArn: topic.topicArn,
        settings,
      }),
      runbook: 'restore',
      alarms: { failed: 'A restore failed.', timedOut: 'A restore exceeded its timeout.' },
    });
    allowSteps(restoreMachine, topic, Object.values(restoreSteps), [backup.bucket.bucketArn], journal);

    const { queue: missedStarts } = new FailureQueue(this, 'MissedStarts', { config, topic, runbook: 'missed-starts' });
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

/** Allows a machine to invoke its functions, to run its maps, and to publish to the topic. */
function allowSteps(
  machine: ServiceStateMachine,
  topic: Topic,
  steps: readonly ServiceFunction[],
  listedBucketArns: readonly string[],
  journal: GrantedBucket,
): void {
  machine.allow(['lambda:InvokeFunction'], ...steps.map((step) => step.function.functionArn));
  machine.allow(['s3:ListBucket'], ...listedBucketArns);
  // https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
  const writing = ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'];
  allowObjects(machine, journal, writing, mapResultsPrefix);
  machine.allow(['sns:Publish'], topic.topicArn);
  // Publishing to an encrypted topic needs permissions on its key.
  if (topic.masterKey !== undefined) {
    machine.allow(['kms:Decrypt', 'kms:GenerateDataKey'], topic.masterKey.keyRef.keyArn);
  }
  machine.allowDistributedMap();
}
