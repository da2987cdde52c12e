import type { SFNClient } from '@aws-sdk/client-sfn';
import { alterMachine, historyOf, pathOf, readMachine, waysAlong } from '../../../scenarios/order-workflow/machine';
import type { Deployment } from '../../../scenarios/order-workflow/deployment';
import type { ScenarioRun } from '../../../scenarios/shared/scenario';

const definition = JSON.stringify({
  StartAt: 'A',
  States: {
    A: { Type: 'Choice', Choices: [{ Next: 'B' }], Default: 'C' },
    B: { Type: 'Task', TimeoutSeconds: 20, Catch: [{ Next: 'C' }], Next: 'C' },
    C: { Type: 'Succeed' },
  },
});
const events = [
  { stateEnteredEventDetails: { name: 'A', input: '{"canary":1}' } },
  { taskFailedEventDetails: { error: 'E' } },
  { stateEnteredEventDetails: { name: 'C' } },
];

function machine() {
  const updates: string[] = [];
  const cleanUps: (() => Promise<void>)[] = [];
  const send = ({ input, constructor }: { input: Record<string, string>; constructor: { name: string } }) => {
    if (constructor.name === 'DescribeStateMachineCommand') return Promise.resolve({ definition });
    if (constructor.name === 'UpdateStateMachineCommand') updates.push(input['definition'] ?? '');
    if (input['nextToken'] === undefined) return Promise.resolve({ events: events.slice(0, 2), nextToken: 'more' });
    return Promise.resolve({ events: events.slice(2) });
  };
  const cleanUp = (_: string, act: () => Promise<void>) => cleanUps.push(act);
  const run = { output: () => 'arn:stateMachine:m', cleanUp } as unknown as ScenarioRun;
  const sfn = { send } as unknown as SFNClient;
  return { updates, cleanUps, run, sfn, deployment: { run, sfn } as unknown as Deployment };
}

it('every way of the machine is known once, choices and catches included', async () => {
  const { run, sfn } = machine();
  const { startAt, ways } = await readMachine(run, sfn);
  expect(startAt).toBe('A');
  expect(ways).toEqual(['A -> C', 'A -> B', 'B -> C']);
});

it('a path is read over all pages, and a history with what it carries', async () => {
  const { run, sfn } = machine();
  expect(await pathOf(run, sfn, 'o-1')).toEqual(['A', 'C']);
  expect(waysAlong(['A', 'B', 'C'])).toEqual(['A -> B', 'B -> C']);
  expect((await historyOf(run, sfn, 'o-1')).join()).toContain('canary');
});

it('a machine that was altered is put back once, by its check or at the end of it', async () => {
  const { updates, cleanUps, deployment } = machine();
  const restore = await alterMachine(deployment, 'the machine', {
    B: (state) => {
      state.TimeoutSeconds = 3;
    },
  });
  expect(updates).toEqual([definition.replace('"TimeoutSeconds":20', '"TimeoutSeconds":3')]);
  await restore();
  for (const act of cleanUps) await act();
  expect(updates.slice(1)).toEqual([definition]);
});

it('a state that the machine has not is named, and nothing is changed', async () => {
  const { updates, deployment } = machine();
  const altered = alterMachine(deployment, 'the machine', { D: () => undefined });
  await expect(altered).rejects.toThrow("the machine has no state 'D': deploy the stack again");
  expect(updates).toEqual([]);
});
