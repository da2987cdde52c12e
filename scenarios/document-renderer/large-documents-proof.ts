import { ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { faultsOf } from '../shared/faults/fault-injector';
import type { Check, ScenarioRun } from '../shared/scenario';
import { Renderer } from './deployment';
import { invoice } from './documents';

/** Moments of a task, by what exists in its folder for temporary files from then on. */
const moments = {
  start: undefined,
  'browser being unpacked': 'document-renderer',
  'browser started': 'document-renderer/profile',
} as const;
type Moment = keyof typeof moments;

/** Ways in which a task does not come to its end. */
const endings = [
  { what: 'dies', signal: 'SIGKILL', moment: 'browser started' },
  { what: 'hangs', signal: 'SIGSTOP', moment: 'browser being unpacked' },
  { what: 'is interrupted', signal: 'SIGTERM', moment: 'browser started' },
] as const;

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
    await run.step('render a document that outgrows the function, with data from the input bucket', async () => {
      const dataKey = await renderer.putData('plain.json', JSON.stringify(invoice(`${run.runId} plain`, lines)));
      await renderer.send({ requestId: `${run.runId}-plain`, template: 'invoice', version: 1, dataKey });
      await arrived('plain');
    });
    for (const { what, signal, moment } of endings) {
      await run.step(`render while the task ${what}`, () =>
        untilSignaled(run, what.replaceAll(' ', '-'), async (name) => {
          const signaled = signalNext(run, signal, moment);
          await send(name);
          const isSignaled = await signaled;
          await arrived(name);
          return isSignaled;
        }),
      );
    }
    await noTaskIsLeft(run);
    // A document whose task could not report it is set aside, though it was rendered.
    run.assertEqual(await renderer.failures(run.runId), 0, 'requests that were set aside');
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
    await run.step('let three tasks die', () =>
      untilSignaled(run, 'given-up', async (name) => {
        const requestId = `${run.runId}-${name}`;
        const first = signalNext(run, 'SIGKILL', 'browser started');
        await renderer.send({ requestId, template: 'invoice', version: 1, data: invoice(requestId, lines) });
        const isGivenUp =
          (await first) &&
          (await signalNext(run, 'SIGKILL', 'browser being unpacked')) &&
          (await signalNext(run, 'SIGKILL', 'start'));
        if (isGivenUp) {
          run.assertEqual(await renderer.failureOf(requestId), 'task-failed', 'the reason of the request');
        }
        return isGivenUp;
      }),
    );
    await noTaskIsLeft(run);
  },
};

function signalNext(run: ScenarioRun, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGTERM', moment: Moment): Promise<boolean> {
  return faultsOf(run).signalNextTask(signal, moments[moment]);
}

const maximumTries = 5;

/** Tries with one document after another until its tasks were signaled: a task may end before its moment is seen. */
async function untilSignaled(
  run: ScenarioRun,
  name: string,
  attempt: (name: string) => Promise<boolean>,
): Promise<void> {
  for (let count = 1; count <= maximumTries; count += 1) {
    if (await attempt(count === 1 ? name : `${name}-${count}`)) return;
    run.log(`${name}: a task ended before its moment was seen`);
  }
  throw new Error(`${name}: ${maximumTries} documents were rendered before a task received its signal`);
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
