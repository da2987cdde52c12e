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
import { keysUnder } from '../shared/s3-keys';
import type { Check, ScenarioRun } from '../shared/scenario';
import { cleanUpBackups } from './clean-up';
import type { Deployment } from './deployment';
import { waitForEnd, assertSucceeded } from './executions';
import { readManifest } from './manifests';
import { prepare, putNumbered } from './fixture';

const inputSchema = z.object({ scheduledTime: z.iso.datetime() });

export const scheduleProof: Check = {
  name: 'schedule',
  title: 'the schedule starts the backup and names the day',
  async run(run) {
    const fixture = prepare(run, []);
    const { deployment, prefix } = fixture;
    const scheduler = new SchedulerClient({});
    const schedule = await run.step('find the schedule', () => scheduleOf(scheduler, deployment.backupMachine));
    await putNumbered(run, fixture, 10, () => 100);
    const since = new Date();
    const set = (more: Partial<UpdateScheduleCommandInput>) =>
      scheduler.send(new UpdateScheduleCommand({ ...settable(schedule), ...more }));
    // The step itself resets it; this is for a check that is stopped.
    run.cleanUp('the schedule', async () => {
      await set({});
    });

    const execution = await run.step('set it to one minute, and wait', async () => {
      await set({ ScheduleExpression: 'rate(1 minutes)' });
      try {
        return await firstSince(run, deployment, since);
      } finally {
        await set({});
      }
    });
    const { input = '{}' } = await deployment.stepFunctions.send(
      new DescribeExecutionCommand({ executionArn: execution }),
    );
    const { scheduledTime } = inputSchema.parse(JSON.parse(input));
    const day = scheduledTime.slice(0, 10);
    run.metric('scheduled time', scheduledTime);
    const before = await keysUnder(deployment.s3, deployment.backupBucket, `${day}/`);
    // A real backup of that day is not touched.
    if (before.every((key) => key.startsWith(`${day}/${prefix}`))) cleanUpBackups(run, deployment, [day]);
    assertSucceeded(run, await waitForEnd(run, deployment, execution));
    const { summary } = await readManifest(deployment, day, prefix);
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
    { everyMilliseconds: 2_000 },
  );
}
