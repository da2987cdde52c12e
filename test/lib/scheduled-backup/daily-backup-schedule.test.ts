import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { DailyBackupSchedule } from '../../../lib/scheduled-backup/daily-backup-schedule';
import { scheduledBackupSettings } from '../../../lib/scheduled-backup/scheduled-backup-settings';

function scheduleWith(settings: object): Stack {
  const stack = new Stack(new App(), 'Stack');
  new DailyBackupSchedule(stack, 'Schedule', {
    settings: scheduledBackupSettings.parse(settings),
    target: { stateMachineArn: 'arn:machine' } as never,
    deadLetters: { queueArn: 'arn:queue' } as never,
  });
  return stack;
}

it('a time that clocks skip on some day is warned about at synth', () => {
  const stack = scheduleWith({ timeZone: 'Africa/Cairo', scheduleExpression: 'cron(0 0 * * ? *)' });
  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('clocks in Africa/Cairo skip'));
});

it.each([{ timeZone: 'Africa/Cairo' }, { timeZone: 'Europe/Berlin' }, {}])(
  'the default time is not warned about with %j',
  (settings) => {
    Annotations.fromStack(scheduleWith(settings)).hasNoWarning('*', Match.anyValue());
  },
);
