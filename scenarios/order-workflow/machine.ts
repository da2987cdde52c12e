import {
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  UpdateStateMachineCommand,
  type HistoryEvent,
} from '@aws-sdk/client-sfn';
import type { ScenarioRun } from '../shared/scenario';
import { executionArnOf, type Deployment } from './deployment';

interface StateDefinition {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Arguments?: { readonly FunctionName?: string };
}

/** The deployed machine: its definition as AWS has it. */
export interface Machine {
  readonly definition: string;
  readonly startAt: string;
  readonly states: Readonly<Record<string, StateDefinition>>;
  /** Every way from one state to the next, as `one -> other`. */
  readonly ways: readonly string[];
}

export async function readMachine(run: ScenarioRun, sfn: SFNClient): Promise<Machine> {
  const stateMachineArn = run.output('OrderStateMachineArn');
  const { definition = '{}' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const { StartAt, States } = JSON.parse(definition) as { StartAt: string; States: Record<string, StateDefinition> };
  const ways = Object.entries(States).flatMap(([name, state]) => nextOf(state).map((next) => wayOf(name, next)));
  return { definition, startAt: StartAt, states: States, ways: [...new Set(ways)] };
}

/** What a scenario may change of a state. */
export interface Alterable {
  TimeoutSeconds?: number;
  Arguments?: Record<string, unknown>;
}

/**
 * Changes states of the deployed machine for executions that start from now on; those that run keep theirs.
 *
 * @returns what puts the machine back, which happens at the latest at the end of the check
 */
export async function alterMachine(
  { run, sfn }: Deployment,
  what: string,
  changes: Readonly<Record<string, (state: Alterable) => void>>,
): Promise<() => Promise<void>> {
  const stateMachineArn = run.output('OrderStateMachineArn');
  const { definition } = await readMachine(run, sfn);
  let altered = true;
  const restore = async (): Promise<void> => {
    if (!altered) return;
    await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
    altered = false;
  };
  run.cleanUp(what, restore);
  const parsed = JSON.parse(definition) as { States: Record<string, Alterable> };
  for (const [name, change] of Object.entries(changes)) {
    const state = parsed.States[name];
    if (state === undefined) throw new Error(`the machine has no state '${name}': deploy the stack again`);
    change(state);
  }
  await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(parsed) }));
  return restore;
}

function nextOf({ Next, Default, Choices = [], Catch = [] }: StateDefinition): string[] {
  return [Next, Default, ...[...Choices, ...Catch].map((one) => one.Next)].filter((one) => one !== undefined);
}

export function wayOf(one: string, other: string): string {
  return `${one} -> ${other}`;
}

/** The states that an order's execution has entered, in order. */
export async function pathOf(run: ScenarioRun, sfn: SFNClient, orderId: string): Promise<string[]> {
  const events = await eventsOf(run, sfn, orderId, false);
  return events.map((event) => event.stateEnteredEventDetails?.name).filter((name) => name !== undefined);
}

/** All that an execution's history says, with what its states were given and gave; an event a text. */
export async function historyOf(run: ScenarioRun, sfn: SFNClient, orderId: string): Promise<string[]> {
  return (await eventsOf(run, sfn, orderId, true)).map((event) => JSON.stringify(event));
}

async function eventsOf(
  run: ScenarioRun,
  sfn: SFNClient,
  orderId: string,
  includeExecutionData: boolean,
): Promise<HistoryEvent[]> {
  const executionArn = executionArnOf(run, orderId);
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const more = nextToken === undefined ? {} : { nextToken };
    const page = await sfn.send(new GetExecutionHistoryCommand({ executionArn, includeExecutionData, ...more }));
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return events;
}

/** The ways that a path takes. */
export function waysAlong(path: readonly string[]): string[] {
  return path.slice(1).map((name, index) => wayOf(path[index] ?? '', name));
}
