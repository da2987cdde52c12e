import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';

export interface Decision {
  readonly runId: string;
  readonly round: number;
  readonly digest: string;
  readonly diffHash: string;
  readonly decision: 'approve' | 'reject';
}

/** Waits for the request for an approval; returns the decision that approves it. */
export function awaitRequest(run: ScenarioRun, deployment: Deployment, runId: string): Promise<Decision> {
  const { dynamodb, runsTable: TableName } = deployment;
  const probe = async (): Promise<Decision | undefined> => {
    const get = new GetItemCommand({ TableName, Key: { id: { S: `approval#${runId}/0` } }, ConsistentRead: true });
    const { digest, diffHash } = (await dynamodb.send(get)).Item ?? {};
    if (digest?.S === undefined || diffHash?.S === undefined) return undefined;
    return { runId, round: 0, digest: digest.S, diffHash: diffHash.S, decision: 'approve' };
  };
  const what = `the request for an approval of ${runId.slice(0, 13)}`;
  return run.step(`wait for ${what}`, () => run.eventually(what, probe, { withinSeconds: 300 }));
}
