import { mapOverBucket, publish, type BucketMap } from '../constructs/map-states';
import type { ServiceFunction } from '../constructs/service-function';
import type { ScheduledBackupSettings } from './scheduled-backup-settings';
import { failureStates } from './backup-failures';
import { executionContext, invoke, invokeUntilFinished, mapResultsPrefix } from './states';

export interface BackupSteps {
  readonly beginBackup: ServiceFunction;
  readonly copyObjects: ServiceFunction;
  readonly writeManifest: ServiceFunction;
  readonly verifyCopies: ServiceFunction;
  readonly completeBackup: ServiceFunction;
  readonly pruneBackups: ServiceFunction;
}

export interface BackupDefinitionProps {
  readonly steps: BackupSteps;
  readonly sourceBucketName: string;
  readonly backupBucketName: string;
  readonly journalBucketName: string;
  readonly topicArn: string;
  readonly settings: ScheduledBackupSettings;
}

/** Size of a batch, well below the 256 KiB that a state's input may have. */
const batchBytes = 200_000;

/** Definition of the backup in the Amazon States Language, from the scheduled start to the message. */
export function backupDefinition(props: BackupDefinitionProps): object {
  const { steps, journalBucketName, topicArn, settings, ...buckets } = props;
  const { maximumConcurrency } = settings;
  const results = { bucketName: journalBucketName, prefix: mapResultsPrefix };
  const onFailure = { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Notify of the failure' }] };
  const ifDecided = (decision: string, next: string): object => ({
    Variable: '$.decision',
    StringEquals: decision,
    Next: next,
  });
  return {
    Comment: 'Copies the source bucket into a folder of the day, verifies each copy, and writes a manifest.',
    TimeoutSeconds: settings.timeoutHours * 3_600,
    StartAt: 'Begin the backup',
    States: {
      'Begin the backup': invoke(
        steps.beginBackup,
        { 'request.$': '$', execution: executionContext },
        { OutputPath: '$.Payload', Next: 'Which step is next?', ...onFailure },
      ),
      'Which step is next?': {
        Type: 'Choice',
        Choices: [
          ifDecided('copy', 'Copy the objects'),
          ifDecided('repair', 'Repair the copies'),
          ifDecided('write-manifest', 'Write the manifest'),
          ifDecided('verify', 'Verify the copies'),
          ifDecided('complete', 'Complete the backup'),
          ifDecided('refuse', 'Notify of the refusal'),
        ],
        Default: 'Nothing to do',
      },
      'Copy the objects': mapOverBucket(
        {
          label: 'CopyObjects',
          listing: { Bucket: buckets.sourceBucketName },
          maximumConcurrency,
          results,
          processor: copyProcessor('Copy a batch', steps.copyObjects),
        },
        {
          ItemSelector: {
            'day.$': '$.day',
            'run.$': '$.run',
            'resumed.$': '$.resumed',
            'key.$': '$$.Map.Item.Value.Key',
            'size.$': '$$.Map.Item.Value.Size',
          },
          ItemBatcher: { MaxItemsPerBatch: settings.batchItems, MaxInputBytesPerBatch: batchBytes },
          Next: 'Write the manifest',
          ...onFailure,
        },
      ),
      'Repair the copies': mapOverBucket(
        {
          label: 'RepairCopies',
          listing: { Bucket: buckets.backupBucketName, 'Prefix.$': '$.repairedPrefix' },
          maximumConcurrency,
          results,
          processor: copyProcessor('Repair a part', steps.copyObjects),
        },
        {
          ItemSelector: { 'day.$': '$.day', 'run.$': '$.run', 'part.$': '$$.Map.Item.Value.Key' },
          Next: 'Write the manifest',
          ...onFailure,
        },
      ),
      'Write the manifest': invoke(steps.writeManifest, '$', {
        OutputPath: '$.Payload',
        Next: 'Is the manifest written?',
        ...onFailure,
      }),
      'Is the manifest written?': {
        Type: 'Choice',
        Choices: [
          { Variable: '$.assembly.hasMore', BooleanEquals: true, Next: 'Write the manifest' },
          { Variable: '$.assembly.parts', NumericEquals: 0, Next: 'Complete the backup' },
        ],
        Default: 'Verify the copies',
      },
      'Verify the copies': mapOverBucket(
        {
          label: 'VerifyCopies',
          listing: { Bucket: buckets.backupBucketName, 'Prefix.$': '$.partsPrefix' },
          maximumConcurrency,
          results,
          processor: {
            StartAt: 'Verify a part',
            States: invokeUntilFinished('Verify a part', steps.verifyCopies, '$'),
          },
        },
        {
          ItemSelector: { 'day.$': '$.day', 'run.$': '$.run', 'part.$': '$$.Map.Item.Value.Key' },
          Next: 'Complete the backup',
          ...onFailure,
        },
      ),
      'Complete the backup': invoke(steps.completeBackup, '$', {
        ResultSelector: {
          'outcome.$': '$.Payload.outcome',
          'subject.$': '$.Payload.subject',
          'message.$': '$.Payload.message',
        },
        ResultPath: '$.completion',
        Next: 'Is the backup complete?',
        ...onFailure,
      }),
      'Is the backup complete?': {
        Type: 'Choice',
        Choices: [
          { Variable: '$.completion.outcome', StringEquals: 'incomplete', Next: 'Notify of the incomplete backup' },
          { Variable: '$.verifyOnly', BooleanEquals: true, Next: 'Notify of the complete backup' },
        ],
        Default: 'Remove expired backups',
      },
      'Remove expired backups': invoke(
        steps.pruneBackups,
        {},
        {
          ResultSelector: { 'hasMore.$': '$.Payload.hasMore' },
          ResultPath: '$.pruned',
          Next: 'Are more backups expired?',
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Notify of expired backups' }],
        },
      ),
      'Are more backups expired?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.pruned.hasMore', BooleanEquals: true, Next: 'Remove expired backups' }],
        Default: 'Notify of the complete backup',
      },
      'Notify of the complete backup': publish(
        topicArn,
        { 'Subject.$': '$.completion.subject', 'Message.$': '$.completion.message' },
        'Backed up',
      ),
      'Backed up': { Type: 'Succeed' },
      'Nothing to do': { Type: 'Succeed' },
      ...failureStates(topicArn),
    },
  };
}

/** Copies a batch. One that fails after all retries is recorded as failed, since an error would end the map for the other batches. */
function copyProcessor(name: string, copyObjects: ServiceFunction): BucketMap['processor'] {
  const superseded = `${name}: superseded`;
  const failed = `${name}: record the failure`;
  return {
    StartAt: name,
    States: {
      ...invokeUntilFinished(
        name,
        copyObjects,
        { 'input.$': '$', 'retries.$': '$$.State.RetryCount' },
        {
          Catch: [
            { ErrorEquals: ['SupersededError'], ResultPath: '$.failure', Next: superseded },
            { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: failed },
          ],
        },
      ),
      [failed]: invoke(copyObjects, { 'input.$': '$' }, { ResultPath: null, Next: `${name}: end` }),
      [superseded]: { Type: 'Fail', Error: 'SupersededError' },
    },
  };
}
