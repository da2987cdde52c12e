import { Annotations, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { BackupRequest } from '../../lambda/scheduled-backup/requests';
import { dailyTimeOf, firstSkippedDay } from './daily-time';
import type { ScheduledBackupSettings } from './scheduled-backup-settings';

export interface DailyBackupScheduleProps {
  readonly settings: ScheduledBackupSettings;
  readonly target: IStateMachine;
  /** Queue for starts that EventBridge Scheduler gave up. */
  readonly deadLetters: IQueue;
}

/** Schedule that starts the backup and passes on the time at which it was due, which may be earlier than the start. */
export class DailyBackupSchedule extends Construct {
  constructor(scope: Construct, id: string, props: DailyBackupScheduleProps) {
    super(scope, id);
    const { settings, target, deadLetters } = props;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'Permissions of the backup schedule',
    });
    role.addToPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [target.stateMachineArn] }));
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }));
    // EventBridge Scheduler fills in the time. Its colons are not allowed in the name of an execution, so a lock, not the name, makes one
    // backup of two starts.
    const input: BackupRequest = { scheduledTime: '<aws.scheduler.scheduled-time>' };
    this.warnOfSkippedDay(settings);
    const schedule = new CfnSchedule(this, 'Schedule', {
      description: 'Starts the daily backup',
      scheduleExpression: settings.scheduleExpression,
      scheduleExpressionTimezone: settings.timeZone,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: target.stateMachineArn,
        roleArn: role.roleArn,
        input: JSON.stringify(input),
        retryPolicy: {
          maximumRetryAttempts: settings.startRetries,
          maximumEventAgeInSeconds: settings.maximumStartAgeSeconds,
        },
        deadLetterConfig: { arn: deadLetters.queueArn },
      },
    });
    schedule.node.addDependency(role);
  }
  private warnOfSkippedDay({ scheduleExpression, timeZone }: ScheduledBackupSettings): void {
    const time = dailyTimeOf(scheduleExpression);
    const day = time === undefined ? undefined : firstSkippedDay(time, timeZone, new Date());
    if (day === undefined) return;
    Annotations.of(this).addWarningV2(
      'scheduled-backup:skippedTime',
      `on ${day} clocks in ${timeZone} skip the time of ${scheduleExpression}, and there is no backup of that day: use another hour`,
    );
  }
}
