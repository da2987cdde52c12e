import { GetObjectCommand } from '@aws-sdk/client-s3';
import { readApproval, type StoredApproval } from '../../lambda/gitops-pipeline/adapters/dynamodb-approvals';
import type { Decision } from '../../lambda/gitops-pipeline/approval';
import { diffName } from '../../lambda/gitops-pipeline/build-request';
import { outputPathOf } from '../../lambda/gitops-pipeline/run';
import { fetchSigned } from '../command-line/signed-request';
import { NotDoneError } from './command';
import type { PipelineDeployment } from './pipeline-deployment';

/** Lines with the difference of a run that waits for an approval, and the commands that decide on it. */
export async function showApproval(
  { table, s3, output }: Pick<PipelineDeployment, 'table' | 's3' | 'output'>,
  runId: string,
): Promise<string[]> {
  const { round, digest, diffHash, expiresAt } = await openRequest(table, runId);
  const Key = `${outputPathOf(runId, 'diff', round)}/${diffName}`;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: output('ArtifactsBucketName'), Key }));
  return [
    ((await Body?.transformToString()) ?? '').trimEnd(),
    '',
    `artifact ${digest}, expires ${new Date(expiresAt * 1_000).toISOString()}`,
    `approve: npm run ops -- gitops-pipeline approve ${runId} ${diffHash}`,
    `reject:  npm run ops -- gitops-pipeline reject ${runId}`,
  ];
}

/**
 * Sends a decision to the function URL, signed by whoever runs the command.
 *
 * @param difference hash of the difference that was shown; without it, of the one that the run has now
 */
export async function sendDecision(
  { table, signer, output }: Pick<PipelineDeployment, 'table' | 'signer' | 'output'>,
  runId: string,
  difference: string | undefined,
  decision: Decision['decision'],
): Promise<string[]> {
  const { round, digest, diffHash } = await openRequest(table, runId);
  const body = JSON.stringify({ runId, round, digest, diffHash: difference ?? diffHash, decision });
  const answer = await fetchSigned(await signer(), { url: output('ApproveUrl'), method: 'POST', body });
  const text = await answer.text();
  if (answer.ok) return [`${decision} is recorded for ${runId}`];
  const reason = answer.status === 403 ? 'these credentials may not call ApproveUrl' : text;
  throw new NotDoneError(`${decision} does not count for ${runId}: ${reason}`);
}

/** The last request of a run. */
async function openRequest(table: PipelineDeployment['table'], runId: string): Promise<StoredApproval> {
  let request: StoredApproval | undefined;
  for (let round = 0; ; round++) {
    const next = await readApproval(table, runId, round);
    if (next === undefined) break;
    request = next;
  }
  if (request === undefined) throw new NotDoneError(`run '${runId}' has asked for no approval: check the id`);
  const { decision } = request;
  if (decision !== undefined) throw new NotDoneError(`run ${runId} was decided on: ${decision}`);
  return request;
}
