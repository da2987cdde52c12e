import {
  paginateListExecutions,
  paginateListStateMachines,
  SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { clientSettings } from '../../local/client-settings';

/** Ends what still runs on state machines: a check that was cut off leaves it, and the next one must not wait for it. */
export async function stopExecutions(names: readonly string[], endpoint: string, certificate: string): Promise<void> {
  const client = new SFNClient(clientSettings(endpoint, certificate));
  for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
    for (const { name, stateMachineArn } of stateMachines) {
      if (name === undefined || !names.includes(name)) continue;
      const query = { stateMachineArn, statusFilter: 'RUNNING' as const };
      for await (const { executions = [] } of paginateListExecutions({ client }, query))
        for (const { executionArn } of executions) await client.send(new StopExecutionCommand({ executionArn }));
    }
  }
}
