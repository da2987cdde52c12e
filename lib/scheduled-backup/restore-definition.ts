import type { ServiceFunction } from '../constructs/service-function';
import { partsAtOnce } from './backup-definition';
import type { ScheduledBackupSettings } from './scheduled-backup-settings';
import { execution, invoke, mapOverBucket, publish } from './step';

export interface RestoreSteps {
  readonly beginRestore: ServiceFunction;
  readonly restoreObjects: ServiceFunction;
  readonly reportRestore: ServiceFunction;
}

export interface RestoreDefinitionProps {
  readonly steps: RestoreSteps;
  readonly backupBucketName: string;
  readonly topicArn: string;
  readonly settings: ScheduledBackupSettings;
}

/** The restore, from its input to the report, in the Amazon States Language. */
export function restoreDefinition({ steps, backupBucketName, topicArn, settings }: RestoreDefinitionProps): object {
  const failing = { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Say that it failed' }] };
  return {
    Comment: "Copies a day's backup back, each object checked before and after.",
    TimeoutSeconds: settings.timeoutHours * 3_600,
    StartAt: 'Begin the restore',
    States: {
      'Begin the restore': invoke(
        steps.beginRestore,
        { 'request.$': '$', execution },
        { OutputPath: '$.Payload', Next: 'Is there anything?', ...failing },
      ),
      'Is there anything?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.empty', BooleanEquals: true, Next: 'Report the restore' }],
        Default: 'Restore the objects',
      },
      'Restore the objects': mapOverBucket(
        'RestoreObjects',
        { Bucket: backupBucketName, 'Prefix.$': '$.partsPrefix' },
        partsAtOnce,
        {
          StartAt: 'Restore a part',
          States: { 'Restore a part': invoke(steps.restoreObjects, '$', { OutputPath: null, End: true }) },
        },
        {
          ItemSelector: { 'restore.$': '$', 'part.$': '$$.Map.Item.Value.Key' },
          Next: 'Report the restore',
          ...failing,
        },
      ),
      'Report the restore': invoke(steps.reportRestore, '$', {
        OutputPath: '$.Payload',
        Next: 'How did it end?',
        ...failing,
      }),
      'How did it end?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.outcome', StringEquals: 'incomplete', Next: 'Say what is wrong' }],
        Default: 'Say that it is done',
      },
      'Say that it is done': publish(topicArn, { 'Subject.$': '$.subject', 'Message.$': '$.message' }, 'Restored'),
      Restored: { Type: 'Pass', OutputPath: '$.report', End: true },
      'Say what is wrong': publish(topicArn, { 'Subject.$': '$.subject', 'Message.$': '$.message' }, 'Not complete'),
      'Not complete': { Type: 'Fail', Error: 'RestoreIncomplete', CausePath: '$.message' },
      'Say that it failed': publish(
        topicArn,
        {
          Subject: 'Restore FAILED',
          'Message.$': "States.Format('Restore {} failed with {}.', $$.Execution.Name, $.error.Error)",
        },
        'Failed',
      ),
      Failed: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
    },
  };
}
