import { DescribeStateMachineCommand, SFNClient, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import type { ScenarioRun } from '../shared/scenario';
import { statesEntered } from '../shared/step-functions';
import { executionArnOf, type Deployment } from './deployment';

interface StateDefinition {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Arguments?: { readonly FunctionName?: string };
}

/** Definition of the deployed state machine. */
export interface StateMachine {
  readonly definition: string;
  readonly startAt: string;
  readonly states: Readonly<Record<string, StateDefinition>>;
  /** Every transition from one state to the next, as `from -> to`. */
  readonly transitions: readonly string[];
}

export async function readStateMachine(run: ScenarioRun, sfn: SFNClient): Promise<StateMachine> {
  const stateMachineArn = run.output('OrderStateMachineArn');
  const { definition = '{}' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const { StartAt, States } = JSON.parse(definition) as { StartAt: string; States: Record<string, StateDefinition> };
  const transitions = Object.entries(States).flatMap(([name, state]) =>
    nextOf(state).map((next) => transition(name, next)),
  );
  return { definition, startAt: StartAt, states: States, transitions: [...new Set(transitions)] };
}

/** Fields of a state that a scenario may change. */
export interface AlterableState {
  TimeoutSeconds?: number;
  Arguments?: Record<string, unknown>;
  Retry?: AlterableRetrier[];
}

interface AlterableRetrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts?: number;
}

/**
 * Changes states of the deployed state machine; running executions keep their definition.
 *
 * The definition is restored at the end of the check, or by the returned function. The update is eventually consistent: on AWS
 * executions may start with the old definition for some seconds.
 */
export async function alterStateMachine(
  { run, sfn }: Deployment,
  changes: Readonly<Record<string, (state: AlterableState) => void>>,
): Promise<() => Promise<void>> {
  const stateMachineArn = run.output('OrderStateMachineArn');
  const { definition } = await readStateMachine(run, sfn);
  let altered = true;
  const restore = async (): Promise<void> => {
    if (!altered) return;
    await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
    altered = false;
  };
  run.cleanUp('the state machine', restore);
  const parsed = JSON.parse(definition) as { States: Record<string, AlterableState> };
  for (const [name, change] of Object.entries(changes)) {
    const state = parsed.States[name];
    if (state === undefined) throw new Error(`the state machine has no state '${name}': deploy the stack again`);
    change(state);
  }
  await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(parsed) }));
  return restore;
}

/**
 * Retries every second, so that a check need not wait for hours; restored like every alteration.
 *
 * @param most number of retries of each retrier
 */
export async function shortenRetries(deployment: Deployment, most = 2): Promise<() => Promise<void>> {
  const { states } = await readStateMachine(deployment.run, deployment.sfn);
  const shorten = (state: AlterableState): void => {
    state.Retry = (state.Retry ?? []).map(({ ErrorEquals, MaxAttempts = 3 }) => {
      const attempts = Math.min(MaxAttempts, most);
      return { ErrorEquals, MaxAttempts: attempts, IntervalSeconds: 1, BackoffRate: 1 };
    });
  };
  const tasks = Object.keys(states).filter((name) => states[name]?.Type === 'Task');
  return alterStateMachine(deployment, Object.fromEntries(tasks.map((name) => [name, shorten])));
}

function nextOf({ Next, Default, Choices = [], Catch = [] }: StateDefinition): string[] {
  return [Next, Default, ...[...Choices, ...Catch].map((one) => one.Next)].filter((one) => one !== undefined);
}

function transition(from: string, to: string): string {
  return `${from} -> ${to}`;
}

/** States that an order's execution has entered, in order. */
export function readPath(run: ScenarioRun, sfn: SFNClient, orderId: string): Promise<string[]> {
  return statesEntered(sfn, executionArnOf(run, orderId));
}

/** The same once the execution has ended. */
export function readEndedPath({ run, sfn }: Deployment, { states }: StateMachine, orderId: string): Promise<string[]> {
  return run.eventually(`the end of the execution of ${orderId}`, async () => {
    const path = await readPath(run, sfn, orderId);
    const type = states[path.at(-1) ?? '']?.Type;
    return type === 'Succeed' || type === 'Fail' ? path : undefined;
  });
}

/** Transitions of a path. */
export function transitionsAlong(path: readonly string[]): string[] {
  return path.slice(1).map((name, index) => transition(path[index] ?? '', name));
}
