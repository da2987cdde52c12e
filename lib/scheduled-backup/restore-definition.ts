import { mapOverBucket, publish } from '../constructs/map-states';
import type { ServiceFunction } from '../constructs/service-function';
import type { ScheduledBackupSettings } from './scheduled-backup-settings';
import { executionContext, invoke, invokeUntilFinished, mapResultsPrefix } from './states';

export interface RestoreSteps {
  readonly beginRestore: ServiceFunction;
  readonly restoreObjects: ServiceFunction;
  readonly reportRestore: ServiceFunction;
}

export interface RestoreDefinitionProps {
  readonly steps: RestoreSteps;
  readonly backupBucketName: string;
  readonly journalBucketName: string;
  readonly topicArn: string;
  readonly settings: ScheduledBackupSettings;
}

/** Definition of the restore in the Amazon States Language, from the request to the report. */
export function restoreDefinition(props: RestoreDefinitionProps): object {
  const { steps, backupBucketName, journalBucketName, topicArn, settings } = props;
  const { maximumConcurrency } = settings;
  const results = { bucketName: journalBucketName, prefix: mapResultsPrefix };
  const onFailure = { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Notify of the failure' }] };
  return {
    Comment: "Restores a day's backup; each object is checked before and after it is copied.",
    TimeoutSeconds: settings.timeoutHours * 3_600,
    StartAt: 'Begin the restore',
    States: {
      'Begin the restore': invoke(
        steps.beginRestore,
        { 'request.$': '$', execution: executionContext },
        { OutputPath: '$.Payload', Next: 'Is the manifest empty?', ...onFailure },
      ),
      'Is the manifest empty?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.empty', BooleanEquals: true, Next: 'Report the restore' }],
        Default: 'Restore the objects',
      },
      'Restore the objects': mapOverBucket(
        {
          label: 'RestoreObjects',
          listing: { Bucket: backupBucketName, 'Prefix.$': '$.partsPrefix' },
          maximumConcurrency,
          results,
          processor: {
            StartAt: 'Restore a part',
            States: invokeUntilFinished('Restore a part', steps.restoreObjects, '$'),
          },
        },
        {
          ItemSelector: { 'restore.$': '$', 'part.$': '$$.Map.Item.Value.Key' },
          Next: 'Report the restore',
          ...onFailure,
        },
      ),
      'Report the restore': invoke(steps.reportRestore, '$', {
        OutputPath: '$.Payload',
        Next: 'Is the restore complete?',
        ...onFailure,
      }),
      'Is the restore complete?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.outcome', StringEquals: 'incomplete', Next: 'Notify of the incomplete restore' }],
        Default: 'Notify of the complete restore',
      },
      'Notify of the complete restore': publish(
        topicArn,
        { 'Subject.$': '$.subject', 'Message.$': '$.message' },
        'Restored',
      ),
      Restored: { Type: 'Pass', OutputPath: '$.report', End: true },
      'Notify of the incomplete restore': publish(
        topicArn,
        { 'Subject.$': '$.subject', 'Message.$': '$.message' },
        'Not complete',
      ),
      'Not complete': { Type: 'Fail', Error: 'RestoreIncomplete', CausePath: '$.message' },
      'Notify of the failure': publish(
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
