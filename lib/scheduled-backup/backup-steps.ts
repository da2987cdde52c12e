import { Duration, Validations, type Stack } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';

import type { Config } from '../config';
import { ServiceFunction } from '../constructs/service-function';
import { allowListing, allowObjects, type BackupBuckets, type GrantedBucket } from './backup-buckets';
import type { BackupSteps } from './backup-definition';
import type { RestoreSteps } from './restore-definition';
import type { ScheduledBackupSettings } from './scheduled-backup-settings';

export interface StepFunctionProps {
  readonly config: Config;
  readonly topic: ITopic;
  readonly settings: ScheduledBackupSettings;
  readonly buckets: BackupBuckets;
  /** Buckets that a restore may write to. */
  readonly restoreTargets: readonly GrantedBucket[];
}

const reading = ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTagging', 's3:GetObjectVersionTagging'];
const writing = ['s3:PutObject', 's3:PutObjectTagging', 's3:AbortMultipartUpload'];
const manifests = '_manifests/';
const runs = 'runs/';

/** Adds the functions of the backup, each with exactly the permissions it needs. */
export function addBackupSteps(stack: Stack, props: StepFunctionProps): BackupSteps {
  const { settings, buckets } = props;
  const { source, backup, journal } = buckets;
  const step = stepMaker(stack, props, 'backup-step');

  const beginBackup = step(
    'BeginBackup',
    'begin-backup',
    'Decides which day is backed up and whether this run does it',
    {
      SOURCE_BUCKET_NAME: source.bucket.bucketName,
      TIME_ZONE: settings.timeZone,
    },
  );
  allowListing(beginBackup, source, backup, journal);
  allowObjects(beginBackup, backup, ['s3:GetObject'], manifests);
  beginBackup.allow(['s3:GetObject', 's3:PutObject'], journal.bucket.arnForObjects('lock.json'));

  const copyObjects = step('CopyObjects', 'copy-objects', 'Copies a batch of objects and verifies each copy', {
    SOURCE_BUCKET_NAME: source.bucket.bucketName,
    ...copySettings(props),
  });
  allowListing(copyObjects, source, backup, journal);
  allowObjects(copyObjects, source, reading);
  allowObjects(copyObjects, backup, [...reading, ...writing]);
  copyObjects.allow(['s3:GetObject'], journal.bucket.arnForObjects('lock.json'));
  allowObjects(copyObjects, journal, ['s3:GetObject', 's3:PutObject'], runs);
  if (settings.sourceKeyArn !== undefined) copyObjects.allow(['kms:Decrypt'], settings.sourceKeyArn);

  const writeManifest = step('WriteManifest', 'write-manifest', 'Assembles the parts of the manifest', {
    PART_ENTRIES: String(settings.partEntries),
  });
  allowListing(writeManifest, journal);
  writeManifest.allow(['s3:GetObject'], journal.bucket.arnForObjects('lock.json'));
  allowObjects(writeManifest, journal, ['s3:GetObject', 's3:PutObject'], runs);
  allowObjects(writeManifest, backup, ['s3:PutObject'], manifests);

  const verifyCopies = step('VerifyCopies', 'verify-copies', 'Compares the copies with the manifest', {
    OBJECTS_AT_ONCE: String(settings.objectsAtOnce),
  });
  allowListing(verifyCopies, backup, journal);
  allowObjects(verifyCopies, backup, ['s3:GetObject', 's3:GetObjectVersion']);
  allowObjects(verifyCopies, journal, ['s3:GetObject', 's3:PutObject'], runs);

  const completeBackup = step('CompleteBackup', 'complete-backup', 'Writes the summary of the manifest', {
    SOURCE_BUCKET_NAME: source.bucket.bucketName,
  });
  allowListing(completeBackup, backup, journal);
  completeBackup.allow(['s3:GetObject'], journal.bucket.arnForObjects('lock.json'));
  allowObjects(completeBackup, journal, ['s3:GetObject'], runs);
  allowObjects(completeBackup, backup, ['s3:GetObject', 's3:PutObject'], manifests);

  const pruneBackups = step('PruneBackups', 'prune-backups', 'Removes the backups of expired days', {
    RETENTION_DAYS: String(settings.retentionDays),
  });
  allowListing(pruneBackups, backup);
  allowObjects(pruneBackups, backup, ['s3:GetObject'], manifests);
  allowObjects(pruneBackups, backup, ['s3:DeleteObject']);
  return { beginBackup, copyObjects, writeManifest, verifyCopies, completeBackup, pruneBackups };
}

/** Adds the functions of the restore, each with exactly the permissions it needs. */
export function addRestoreSteps(stack: Stack, props: StepFunctionProps): RestoreSteps {
  const { settings, buckets, restoreTargets } = props;
  const { source, backup, journal } = buckets;
  const step = stepMaker(stack, props, 'restore-step');

  const beginRestore = step('BeginRestore', 'begin-restore', 'Checks the request of a restore and finds the manifest', {
    SOURCE_BUCKET_NAME: source.bucket.bucketName,
    RESTORE_TARGETS: settings.restoreTargets.join(','),
  });
  // Of the buckets to restore to it asks the region.
  allowListing(beginRestore, backup, ...restoreTargets);
  allowObjects(beginRestore, backup, ['s3:GetObject'], manifests);

  const restoreObjects = step(
    'RestoreObjects',
    'restore-objects',
    'Restores objects and verifies each of them',
    copySettings(props),
  );
  allowListing(restoreObjects, backup, journal, ...restoreTargets);
  allowObjects(restoreObjects, backup, reading);
  for (const target of restoreTargets) allowObjects(restoreObjects, target, [...reading, ...writing]);
  allowObjects(restoreObjects, journal, ['s3:GetObject', 's3:PutObject'], runs);
  const targetKeys = [
    ...(settings.sourceKeyArn === undefined ? [] : [settings.sourceKeyArn]),
    ...settings.restoreTargetKeyArns,
  ];
  if (targetKeys.length > 0) restoreObjects.allow(['kms:Decrypt', 'kms:GenerateDataKey'], ...targetKeys);

  const reportRestore = step('ReportRestore', 'report-restore', 'Writes the report of a restore', {});
  allowListing(reportRestore, journal);
  allowObjects(reportRestore, journal, ['s3:GetObject'], runs);
  allowObjects(reportRestore, journal, ['s3:PutObject'], 'restores/');
  return { beginRestore, restoreObjects, reportRestore };
}

function stepMaker(stack: Stack, { config, topic, settings, buckets }: StepFunctionProps, runbook: string) {
  return (id: string, file: string, description: string, environment: Record<string, string>): ServiceFunction => {
    const step = new ServiceFunction(stack, id, {
      config,
      topic,
      runbook,
      handlerFile: `scheduled-backup/${file}`,
      description,
      // Lambda's maximum; longer work continues in the next invocation.
      timeout: Duration.minutes(15),
      memorySize: settings.memoryMegabytes,
      environment: {
        BACKUP_BUCKET_NAME: buckets.backup.bucket.bucketName,
        JOURNAL_BUCKET_NAME: buckets.journal.bucket.bucketName,
        ...environment,
      },
    });
    Validations.of(step.function).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason: 'A state machine invokes it, waits for the result, retries failures, and ends with the last one.',
    });
    return step;
  };
}

function copySettings({ config, settings }: StepFunctionProps): Record<string, string> {
  const megabytes = settings.multipartThresholdMegabytes ?? (config.retainData ? 5_120 : 16);
  return {
    OBJECTS_AT_ONCE: String(settings.objectsAtOnce),
    MULTIPART_THRESHOLD_BYTES: String(megabytes * 1024 ** 2),
  };
}
