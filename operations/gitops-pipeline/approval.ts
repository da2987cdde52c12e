import { GetObjectCommand } from '@aws-sdk/client-s3';
import { readApproval, type StoredApproval } from '../../lambda/gitops-pipeline/adapters/dynamodb-approvals';
import { diffName } from '../../lambda/gitops-pipeline/build-request';
import { outputPathOf } from '../../lambda/gitops-pipeline/run';
import { NotDoneError } from './command';
import type { PipelineDeployment } from './pipeline-deployment';

/** Lines with the difference of a run that waits for an approval, and the signed requests that approve and reject it. */
export async function showApproval(
  { table, s3, output }: Pick<PipelineDeployment, 'table' | 's3' | 'output'>,
  runId: string,
): Promise<string[]> {
  let request: StoredApproval | undefined;
  for (let round = 0; ; round++) {
    const next = await readApproval(table, runId, round);
    if (next === undefined) break;
    request = next;
  }
  if (request === undefined) throw new NotDoneError(`run '${runId}' has asked for no approval: check the id`);
  const { round, digest, diffHash, expiresAt, decision } = request;
  if (decision !== undefined) throw new NotDoneError(`run ${runId} was decided on: ${decision}`);
  const Key = `${outputPathOf(runId, 'diff', round)}/${diffName}`;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: output('ArtifactsBucketName'), Key }));
  const url = output('ApproveUrl');
  const region = /\.lambda-url\.([a-z0-9-]+)\./.exec(url)?.[1] ?? '$AWS_REGION';
  // curl signs by itself: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
  const curl = (chosen: string): string =>
    `curl --aws-sigv4 "aws:amz:${region}:lambda" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" ` +
    `--header "x-amz-security-token: $AWS_SESSION_TOKEN" ` +
    `--data '${JSON.stringify({ runId, round, digest, diffHash, decision: chosen })}' ${url}`;
  return [
    ((await Body?.transformToString()) ?? '').trimEnd(),
    '',
    `artifact ${digest}, expires ${new Date(expiresAt * 1_000).toISOString()}`,
    `approve: ${curl('approve')}`,
    `reject:  ${curl('reject')}`,
  ];
}
