import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { BackupRequest } from '../../lambda/scheduled-backup/requests';
import type { ScheduledBackupSettings } from './scheduled-backup-settings';

export interface DailyBackupScheduleProps {
  readonly settings: ScheduledBackupSettings;
  readonly target: IStateMachine;
  /** Where a start ends that could not be made. */
  readonly deadLetters: IQueue;
}

/** Starts the backup when it is due, and tells it when that was: the time of the schedule, not of the clock. */
export class DailyBackupSchedule extends Construct {
  constructor(scope: Construct, id: string, props: DailyBackupScheduleProps) {
    super(scope, id);
    const { settings, target, deadLetters } = props;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'What the schedule may do, and nothing else',
    });
    role.addToPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [target.stateMachineArn] }));
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }));
    // The scheduler puts the time in. Its colons are why it is no execution name; a lock makes one backup of two starts.
    const input: BackupRequest = { scheduledTime: '<aws.scheduler.scheduled-time>' };
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
}
