import type { ServiceFunction } from '../constructs/service-function';
import type { ScheduledBackupSettings } from './scheduled-backup-settings';
import type { State } from '../constructs/asl';
import { execution, invoke, mapOverBucket, publish } from './step';

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
  readonly topicArn: string;
  readonly settings: ScheduledBackupSettings;
}

/** A batch stays well below the 256 KiB of a state's input. */
const batchBytes = 200_000;

/** Parts of a manifest that are worked on at once: each of them has many objects at once. */
export const partsAtOnce = 10;

/** The backup, from the schedule to the message, in the Amazon States Language. */
export function backupDefinition({ steps, topicArn, settings, ...buckets }: BackupDefinitionProps): object {
  const failing = { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Say that it failed' }] };
  const decided = (decision: string, next: string): object => ({
    Variable: '$.decision',
    StringEquals: decision,
    Next: next,
  });
  return {
    Comment: 'Backs up the source bucket into a folder of the day: copied, verified, listed.',
    TimeoutSeconds: settings.timeoutHours * 3_600,
    StartAt: 'Begin the backup',
    States: {
      'Begin the backup': invoke(
        steps.beginBackup,
        { 'request.$': '$', execution },
        { OutputPath: '$.Payload', Next: 'What is to be done?', ...failing },
      ),
      'What is to be done?': {
        Type: 'Choice',
        Choices: [
          decided('copy', 'Copy the objects'),
          decided('gather', 'Write the manifest'),
          decided('verify', 'Verify the copies'),
          decided('complete', 'Complete the backup'),
          decided('refuse', 'Say that it was refused'),
        ],
        Default: 'Nothing to do',
      },
      'Copy the objects': mapOverBucket(
        'CopyObjects',
        { Bucket: buckets.sourceBucketName },
        settings.maximumConcurrency,
        copyProcessor(steps.copyObjects),
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
          ...failing,
        },
      ),
      'Write the manifest': invoke(steps.writeManifest, '$', {
        OutputPath: '$.Payload',
        Next: 'Is all of it written?',
        ...failing,
      }),
      'Is all of it written?': {
        Type: 'Choice',
        Choices: [
          { Variable: '$.gathered.again', BooleanEquals: true, Next: 'Write the manifest' },
          { Variable: '$.gathered.parts', NumericEquals: 0, Next: 'Complete the backup' },
        ],
        Default: 'Verify the copies',
      },
      'Verify the copies': mapOverBucket(
        'VerifyCopies',
        { Bucket: buckets.backupBucketName, 'Prefix.$': '$.partsPrefix' },
        partsAtOnce,
        {
          StartAt: 'Verify a part',
          States: { 'Verify a part': invoke(steps.verifyCopies, '$', { OutputPath: null, End: true }) },
        },
        {
          ItemSelector: { 'day.$': '$.day', 'run.$': '$.run', 'part.$': '$$.Map.Item.Value.Key' },
          Next: 'Complete the backup',
          ...failing,
        },
      ),
      'Complete the backup': invoke(steps.completeBackup, '$', {
        ResultSelector: {
          'outcome.$': '$.Payload.outcome',
          'subject.$': '$.Payload.subject',
          'message.$': '$.Payload.message',
        },
        ResultPath: '$.ended',
        Next: 'How did it end?',
        ...failing,
      }),
      'How did it end?': {
        Type: 'Choice',
        Choices: [
          { Variable: '$.ended.outcome', StringEquals: 'incomplete', Next: 'Say what is wrong' },
          { Variable: '$.verifyOnly', BooleanEquals: true, Next: 'Say that it is done' },
        ],
        Default: 'Remove old backups',
      },
      'Remove old backups': invoke(
        steps.pruneBackups,
        { 'day.$': '$.day' },
        {
          ResultSelector: { 'again.$': '$.Payload.again' },
          ResultPath: '$.pruned',
          Next: 'Are there more?',
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Say that old backups stay' }],
        },
      ),
      'Are there more?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.pruned.again', BooleanEquals: true, Next: 'Remove old backups' }],
        Default: 'Say that it is done',
      },
      'Say that it is done': publish(
        topicArn,
        { 'Subject.$': '$.ended.subject', 'Message.$': '$.ended.message' },
        'Backed up',
      ),
      'Backed up': { Type: 'Succeed' },
      'Nothing to do': { Type: 'Succeed' },
      ...failures(topicArn),
    },
  };
}

/** A batch that cannot be copied at all is written down as failed, so that it does not end the map for all the others. */
function copyProcessor(copyObjects: ServiceFunction): object {
  const answer = { OutputPath: null, End: true };
  return {
    StartAt: 'Copy a batch',
    States: {
      'Copy a batch': invoke(
        copyObjects,
        { 'input.$': '$', 'retries.$': '$$.State.RetryCount' },
        {
          ...answer,
          Catch: [
            { ErrorEquals: ['Superseded'], ResultPath: '$.failure', Next: 'Another run has taken over' },
            { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Record that it failed' },
          ],
        },
      ),
      'Record that it failed': invoke(copyObjects, { 'input.$': '$' }, answer),
      'Another run has taken over': { Type: 'Fail', Error: 'Superseded' },
    },
  };
}

function failures(topicArn: string): Record<string, State> {
  return {
    'Say what is wrong': publish(
      topicArn,
      { 'Subject.$': '$.ended.subject', 'Message.$': '$.ended.message' },
      'Not complete',
    ),
    // The cause names the objects; it is in the execution, not in the logs.
    'Not complete': { Type: 'Fail', Error: 'BackupIncomplete', CausePath: '$.ended.message' },
    'Say that it was refused': publish(
      topicArn,
      {
        Subject: 'Backup REFUSED: another one is still going',
        'Message.$': "States.Format('The backup of {} was not begun: {}.', $.day, $.because)",
      },
      'Refused',
    ),
    Refused: {
      Type: 'Fail',
      Error: 'OverlappingRun',
      Cause: 'Another run is still going: docs/runbook/scheduled-backup.md#backup-refused',
    },
    'Say that it failed': publish(
      topicArn,
      {
        Subject: 'Backup FAILED',
        'Message.$': "States.Format('Backup {} failed with {}.', $$.Execution.Name, $.error.Error)",
      },
      'Failed',
    ),
    Failed: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
    'Say that old backups stay': publish(
      topicArn,
      {
        Subject: 'Backup complete, but old ones stay',
        'Message.$': "States.Format('{} Old backups were not removed: {}.', $.ended.message, $.error.Error)",
      },
      'Not pruned',
    ),
    'Not pruned': {
      Type: 'Fail',
      Error: 'PruneFailed',
      Cause: 'The backup is complete, old ones were not removed: docs/runbook/scheduled-backup.md#backup-failed',
    },
  };
}
