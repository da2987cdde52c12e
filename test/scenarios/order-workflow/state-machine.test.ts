import type { SFNClient } from '@aws-sdk/client-sfn';
import {
  alterStateMachine,
  readPath,
  readStateMachine,
  transitionsAlong,
} from '../../../scenarios/order-workflow/state-machine';
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

function fakeStateMachine() {
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

it('reads every transition once, including choices and catchers', async () => {
  const { run, sfn } = fakeStateMachine();
  const { startAt, transitions } = await readStateMachine(run, sfn);
  expect(startAt).toBe('A');
  expect(transitions).toEqual(['A -> C', 'A -> B', 'B -> C']);
});

it('reads a path over all pages', async () => {
  const { run, sfn } = fakeStateMachine();
  expect(await readPath(run, sfn, 'o-1')).toEqual(['A', 'C']);
  expect(transitionsAlong(['A', 'B', 'C'])).toEqual(['A -> B', 'B -> C']);
});

it('restores an altered state machine once, by its function or at the end of the check', async () => {
  const { updates, cleanUps, deployment } = fakeStateMachine();
  const restore = await alterStateMachine(deployment, {
    B: (state) => {
      state.TimeoutSeconds = 3;
    },
  });
  expect(updates).toEqual([definition.replace('"TimeoutSeconds":20', '"TimeoutSeconds":3')]);
  await restore();
  for (const act of cleanUps) await act();
  expect(updates.slice(1)).toEqual([definition]);
});

it('names an unknown state and changes nothing', async () => {
  const { updates, deployment } = fakeStateMachine();
  const altered = alterStateMachine(deployment, { D: () => undefined });
  await expect(altered).rejects.toThrow("the state machine has no state 'D': deploy the stack again");
  expect(updates).toEqual([]);
});
