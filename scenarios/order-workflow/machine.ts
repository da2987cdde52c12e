import { DescribeStateMachineCommand, GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { ScenarioRun } from '../scenario';
import { executionArnOf } from './deployment';

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

function nextOf({ Next, Default, Choices = [], Catch = [] }: StateDefinition): string[] {
  return [Next, Default, ...[...Choices, ...Catch].map((one) => one.Next)].filter((one) => one !== undefined);
}

export function wayOf(one: string, other: string): string {
  return `${one} -> ${other}`;
}

/** The states that an order's execution has entered, in order. */
export async function pathOf(run: ScenarioRun, sfn: SFNClient, orderId: string): Promise<string[]> {
  const path: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new GetExecutionHistoryCommand({
        executionArn: executionArnOf(run, orderId),
        includeExecutionData: false,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    for (const { stateEnteredEventDetails: entered } of page.events ?? []) {
      if (entered?.name !== undefined) path.push(entered.name);
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return path;
}

/** The ways that a path takes. */
export function waysAlong(path: readonly string[]): string[] {
  return path.slice(1).map((name, index) => wayOf(path[index] ?? '', name));
}
