import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  UpdateScheduleCommand,
  type CreateScheduleCommandInput,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { createLimitedClient } from '../../shared/client-limits';

export function createSchedulerClient(): SchedulerClient {
  return createLimitedClient(SchedulerClient, {});
}

export interface Ends {
  readonly client: Pick<SchedulerClient, 'send'>;
  readonly groupName: string;
  readonly endMachineArn: string;
  readonly roleArn: string;
  readonly deadLettersArn: string;
}

/**
 * Schedules the end of a machine, or moves it. Needs `scheduler:CreateSchedule`, `scheduler:UpdateSchedule` and `iam:PassRole`.
 *
 * A schedule that has fired is deleted by EventBridge Scheduler, so an update may find none: both are tried.
 */
export async function scheduleEnd(ends: Ends, requestId: string, endsAt: string): Promise<void> {
  const schedule: CreateScheduleCommandInput = {
    Name: requestId,
    GroupName: ends.groupName,
    // Without a zone it is UTC: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time
    ScheduleExpression: `at(${endsAt.replace('Z', '')})`,
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn: ends.endMachineArn,
      RoleArn: ends.roleArn,
      Input: JSON.stringify({ requestId, because: 'due' }),
      RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
      DeadLetterConfig: { Arn: ends.deadLettersArn },
    },
  };
  try {
    await ends.client.send(new CreateScheduleCommand(schedule));
  } catch (error) {
    if (!isNamed(error, 'ConflictException')) throw error;
    await ends.client.send(new UpdateScheduleCommand(schedule));
  }
}

/** Needs `scheduler:DeleteSchedule`. */
export async function cancelEnd(ends: Pick<Ends, 'client' | 'groupName'>, requestId: string): Promise<void> {
  try {
    await ends.client.send(new DeleteScheduleCommand({ Name: requestId, GroupName: ends.groupName }));
  } catch (error) {
    if (!isNamed(error, 'ResourceNotFoundException')) throw error;
  }
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
