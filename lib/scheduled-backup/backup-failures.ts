import type { State } from '../constructs/asl';
import { publish } from '../constructs/map-states';

/** Ends of a backup that is incomplete, refused or failed, or that left expired backups: each sends a message first. */
export function failureStates(topicArn: string): Record<string, State> {
  return {
    'Notify of the incomplete backup': publish(
      topicArn,
      { 'Subject.$': '$.completion.subject', 'Message.$': '$.completion.message' },
      'Not complete',
    ),
    // The cause lists keys of objects; it is part of the execution, not of the logs.
    'Not complete': { Type: 'Fail', Error: 'BackupIncomplete', CausePath: '$.completion.message' },
    'Notify of the refusal': publish(
      topicArn,
      {
        Subject: 'Backup REFUSED: another one is still running',
        'Message.$': "States.Format('The backup of {} was not started: {}.', $.day, $.reason)",
      },
      'Refused',
    ),
    Refused: {
      Type: 'Fail',
      Error: 'OverlappingRun',
      Cause: 'Another run is still running: docs/runbook/scheduled-backup.md#backup-refused',
    },
    'Notify of the failure': publish(
      topicArn,
      {
        Subject: 'Backup FAILED',
        'Message.$': "States.Format('Backup {} failed with {}.', $$.Execution.Name, $.error.Error)",
      },
      'Failed',
    ),
    Failed: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
    'Notify of expired backups': publish(
      topicArn,
      {
        Subject: 'Backup complete, but expired backups were not removed',
        'Message.$': "States.Format('{} Expired backups were not removed: {}.', $.completion.message, $.error.Error)",
      },
      'Not pruned',
    ),
    'Not pruned': {
      Type: 'Fail',
      Error: 'PruneFailed',
      Cause:
        'The backup is complete, but expired backups were not removed: docs/runbook/scheduled-backup.md#backup-failed',
    },
  };
}
