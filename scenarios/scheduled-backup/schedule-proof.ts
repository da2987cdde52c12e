import {
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
  type GetScheduleOutput,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import { DescribeExecutionCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import type { Check, ScenarioRun } from '../shared/scenario';
import { cleanUpBackups } from './clean-up';
import type { Deployment } from './deployment';
import { ended, succeeded } from './executions';
import { readManifest } from './manifests';
import { open, putNumbered } from './opening';
import { keysUnder } from './source-objects';

const inputSchema = z.object({ scheduledTime: z.iso.datetime() });

export const scheduleProof: Check = {
  name: 'schedule',
  title: 'the schedule itself starts the backup, and names the day',
  async run(run) {
    const opening = open(run, []);
    const { from, prefix } = opening;
    const scheduler = new SchedulerClient({});
    const schedule = await run.step('find the schedule', () => scheduleOf(scheduler, from.backupMachine));
    await putNumbered(run, opening, 10, () => 100);
    const since = new Date();
    const set = (more: Partial<UpdateScheduleCommandInput>) =>
      scheduler.send(new UpdateScheduleCommand({ ...settable(schedule), ...more }));
    // Set back at the end of the step; this is for a check that is stopped.
    run.cleanUp('the schedule', async () => {
      await set({});
    });

    const execution = await run.step('set it to a minute, and wait', async () => {
      await set({ ScheduleExpression: 'rate(1 minutes)' });
      try {
        return await firstSince(run, from, since);
      } finally {
        await set({});
      }
    });
    const { input = '{}' } = await from.stepFunctions.send(new DescribeExecutionCommand({ executionArn: execution }));
    const { scheduledTime } = inputSchema.parse(JSON.parse(input));
    const day = scheduledTime.slice(0, 10);
    run.metric('scheduled time', scheduledTime);
    const before = await keysUnder(from.s3, from.backupBucket, `${day}/`);
    // A real backup of that day is left alone.
    if (before.every((key) => key.startsWith(`${day}/${prefix}`))) cleanUpBackups(run, from, [day]);
    succeeded(run, await ended(run, from, execution));
    const { summary } = await readManifest(from, day, prefix);
    run.assert(summary.status === 'complete', `the backup of ${day} is complete`);
  },
};

async function scheduleOf(scheduler: SchedulerClient, machine: string): Promise<GetScheduleOutput> {
  let NextToken: string | undefined;
  do {
    const page = await scheduler.send(new ListSchedulesCommand({ NextToken }));
    for (const { Name, GroupName, Target } of page.Schedules ?? []) {
      if (Target?.Arn === machine) return await scheduler.send(new GetScheduleCommand({ Name, GroupName }));
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  throw new Error(`no schedule starts ${machine}: deploy the stack again`);
}

function settable(schedule: GetScheduleOutput): UpdateScheduleCommandInput {
  const { Arn: _arn, CreationDate: _made, LastModificationDate: _changed, ...rest } = schedule;
  const { $metadata: _answer, ...settings } = rest as typeof rest & { $metadata?: unknown };
  return settings as UpdateScheduleCommandInput;
}

async function firstSince(run: ScenarioRun, { stepFunctions, backupMachine }: Deployment, since: Date) {
  return run.eventually(
    'an execution that the schedule started',
    async () => {
      const { executions = [] } = await stepFunctions.send(
        new ListExecutionsCommand({ stateMachineArn: backupMachine, maxResults: 20 }),
      );
      return executions.find(({ startDate }) => startDate !== undefined && startDate >= since)?.executionArn;
    },
    { withinSeconds: 240, everyMilliseconds: 2_000 },
  );
}
