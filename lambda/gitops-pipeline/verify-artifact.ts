import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { createKMSClient } from '../shared/kms-client';
import { createS3Client } from '../shared/s3-client';
import { verifyStatement } from './adapters/kms-signatures';
import { digestOf, readText } from './adapters/s3-artifacts';
import type { State } from './run';
import { ArtifactRefusedError, checkStatement, openEnvelope } from './statement';
import { stepHandler } from './step-handler';

const settings = readEnvironment(
  z.object({
    ARTIFACTS_BUCKET_NAME: z.string(),
    SIGNING_KEY_ARN: z.string(),
    BUILD_PROJECT_ARN: z.string(),
    REPOSITORY_NAME: z.string(),
  }),
  process.env,
);
const artifacts = { client: createS3Client({ socketTimeout: 10_000 }), bucket: settings.ARTIFACTS_BUCKET_NAME };
const key = { client: createKMSClient(), keyArn: settings.SIGNING_KEY_ARN };

/** Verifies the artifact before it is deployed: its bytes, its statement, and whose signature the statement has. */
export const handler = stepHandler(async (state): Promise<State> => {
  const { artifact } = state;
  if (artifact === undefined) throw new ArtifactRefusedError('the run has no artifact');
  const { statement, signature } = openEnvelope(
    await readText(artifacts, artifact.statementKey, artifact.statementVersionId),
  );
  await verifyStatement(key, statement, signature);
  const { digest } = await digestOf(artifacts, artifact.key, artifact.versionId);
  if (digest !== artifact.digest) {
    throw new ArtifactRefusedError(`digest of the object: expected ${artifact.digest}, got ${digest}`);
  }
  checkStatement(statement, {
    digest,
    repository: settings.REPOSITORY_NAME,
    commit: artifact.commit,
    runId: artifact.runId,
    builder: settings.BUILD_PROJECT_ARN,
  });
  return state;
});
