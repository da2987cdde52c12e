import { ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultsOf } from '../shared/faults/fault-injector';
import type { Check, ScenarioRun } from '../shared/scenario';
import { Renderer } from './deployment';
import { invoice } from './documents';

/** Ways in which a task does not come to its end. */
const endings = { dies: 'SIGKILL', hangs: 'SIGSTOP', 'is interrupted': 'SIGTERM' } as const;

/** Time in which a task starts, unpacks the browser and begins to render, in milliseconds. */
const startMilliseconds = 3_000;

/** Lines of an invoice that has more pages than the function may print. */
const lines = 250;

/** Documents that outgrow the function, and tasks that end on the way. */
export const largeDocumentsProof: Check = {
  name: 'large-documents',
  title:
    'a document that outgrows the function is rendered by a task, also after one that dies, hangs or is interrupted',
  needs: 'faults',
  alone: true,
  async run(run) {
    const renderer = new Renderer(run);
    await run.step('subscribe to the events', () => renderer.listen());
    const send = (name: string): Promise<void> =>
      renderer.send({
        ...{ requestId: `${run.runId}-${name}`, template: 'invoice', version: 1 },
        data: invoice(`${run.runId} ${name}`, lines),
      });
    const arrived = async (name: string): Promise<void> => {
      const document = await renderer.rendered(`${run.runId}-${name}`, 180);
      run.assert(document.pages > 3, `${name}: more pages than the function prints`, String(document.pages));
      run.assertEqual(await renderer.versionsOf(document), 1, `${name}: versions of the document`);
    };
    await run.step('render a document that outgrows the function', async () => {
      await send('plain');
      await arrived('plain');
    });
    for (const [what, signal] of Object.entries(endings)) {
      await run.step(`render while the task ${what}`, async () => {
        const name = what.replaceAll(' ', '-');
        await send(name);
        await signalTask(run, signal, run.random());
        await arrived(name);
      });
    }
    await noTaskIsLeft(run);
  },
};

/** Tasks that die again and again. */
export const givenUpTasksProof: Check = {
  name: 'given-up-tasks',
  title: 'a document whose tasks all die is set aside with its reason, and no task is left',
  needs: 'faults',
  alone: true,
  async run(run) {
    const renderer = new Renderer(run);
    const requestId = `${run.runId}-given-up`;
    await run.step('let three tasks die', async () => {
      await renderer.send({ requestId, template: 'invoice', version: 1, data: invoice(requestId, lines) });
      // At the beginning, in the middle, and while it renders.
      for (const moment of [0, 0.5, 1]) await signalTask(run, 'SIGKILL', moment);
    });
    run.assertEqual(await renderer.failureOf(requestId), 'task-failed', 'the reason of the request');
    await noTaskIsLeft(run);
  },
};

/** Signals the next task at a moment of its start or its work, from 0 to 1. */
async function signalTask(run: ScenarioRun, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGTERM', moment: number): Promise<void> {
  const faults = faultsOf(run);
  await run.eventually('a task', () => Promise.resolve(faults.runningTasks() > 0 ? true : undefined), {
    everyMilliseconds: 50,
  });
  await sleep(moment * startMilliseconds);
  run.log(`${faults.signalTasks(signal)} tasks received ${signal}`);
  // Until the process is gone, or is stopped after its heartbeats stayed away.
  await run.eventually('the end of the task', () => Promise.resolve(faults.runningTasks() === 0 ? true : undefined), {
    everyMilliseconds: 50,
  });
}

async function noTaskIsLeft(run: ScenarioRun): Promise<void> {
  const ecs = new ECSClient({});
  const cluster = run.output('LargeRendersClusterName');
  const left = await run.eventually('the end of all tasks', async () => {
    const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, desiredStatus: 'RUNNING' }));
    return taskArns.length === 0 ? taskArns.length + faultsOf(run).runningTasks() : undefined;
  });
  run.assertEqual(left, 0, 'tasks that are left');
  const sfn = new SFNClient({});
  const { executions = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn: run.output('LargeRendersArn'), statusFilter: 'FAILED' }),
  );
  run.assertEqual(executions.length, 0, 'executions that ended without a decision');
}
