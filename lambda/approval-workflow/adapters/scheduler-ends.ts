import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  UpdateScheduleCommand,
  type CreateScheduleCommandInput,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { createLimitedClient } from '../../shared/client-limits';
import { ServiceBusyError } from '../../shared/service-busy';
import { toInstant } from '../form';

export function createSchedulerClient(): SchedulerClient {
  return createLimitedClient(SchedulerClient, {});
}

export interface Ends {
  readonly client: Pick<SchedulerClient, 'send'>;
  readonly groupName: string;
  readonly endMachineArn: string;
  readonly roleArn: string;
  readonly deadLettersArn: string;
  readonly now: () => Date;
}

/** EventBridge Scheduler takes no time in the past; this is longer than a call and its repetitions take, in milliseconds. */
const aheadMilliseconds = 15_000;

/**
 * Schedules the end of a machine, or moves it. Needs `scheduler:CreateSchedule`, `scheduler:UpdateSchedule` and `iam:PassRole`.
 *
 * @throws ServiceBusyError if the schedule fires or is moved in this moment
 */
export async function scheduleEnd(ends: Ends, requestId: string, endsAt: string): Promise<void> {
  const at = new Date(Math.max(Date.parse(endsAt), ends.now().getTime() + aheadMilliseconds));
  const schedule: CreateScheduleCommandInput = {
    Name: requestId,
    GroupName: ends.groupName,
    // Without a zone it is UTC: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time
    ScheduleExpression: `at(${toInstant(at).replace('Z', '')})`,
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
    await move(ends, schedule);
  }
}

async function move({ client }: Ends, schedule: CreateScheduleCommandInput): Promise<void> {
  try {
    await client.send(new UpdateScheduleCommand(schedule));
  } catch (error) {
    // It has fired and was deleted since it was found, or another call moves it.
    if (isNamed(error, 'ResourceNotFoundException') || isNamed(error, 'ConflictException'))
      throw new ServiceBusyError((error as Error).name);
    throw error;
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
