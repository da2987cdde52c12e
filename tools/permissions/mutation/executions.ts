import {
  paginateListExecutions,
  paginateListStateMachines,
  SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { clientSettings } from '../../local/client-settings';

/** Stops executions that a check which was ended left running, so that the next one does not wait for them. */
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
