import {
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  type SFNClient,
} from '@aws-sdk/client-sfn';

/** Names of the functions that a state machine calls, each once. */
export async function functionsCalledBy(sfn: SFNClient, stateMachineArn: string): Promise<string[]> {
  const { definition = '' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  return [...new Set([...definition.matchAll(/:function:([\w-]+)/g)].map(([, name]) => name ?? ''))];
}

/** @param includeExecutionData whether the events have the input and output of states */
export async function readHistory(
  client: SFNClient,
  executionArn: string,
  includeExecutionData: boolean,
): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const more = nextToken === undefined ? {} : { nextToken };
    const page = await client.send(new GetExecutionHistoryCommand({ executionArn, includeExecutionData, ...more }));
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return events;
}

/** Names of the states that an execution has entered, in order. */
export async function statesEntered(client: SFNClient, executionArn: string): Promise<string[]> {
  const events = await readHistory(client, executionArn, false);
  return events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
}
