import * as z from 'zod/mini';
import { createCodeBuildClient } from '../shared/codebuild-client';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { createKMSClient } from '../shared/kms-client';
import { logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { readBuilds } from './adapters/codebuild-builds';
import { readBuild } from './adapters/dynamodb-builds';
import { readEnvironmentRecord } from './adapters/dynamodb-environments';
import { signStatement } from './adapters/kms-signatures';
import { digestOf, writeText } from './adapters/s3-artifacts';
import { checkBuild } from './build-check';
import { assemblyName } from './build-request';
import { buildIdOf, outputPathOf, type Artifact, type Run, type State } from './run';
import { sealStatement, statementOf } from './statement';
import { stepHandler } from './step-handler';

const settings = readEnvironment(
  z.object({
    RUNS_TABLE_NAME: z.string(),
    ARTIFACTS_BUCKET_NAME: z.string(),
    SIGNING_KEY_ARN: z.string(),
    BUILD_PROJECT_ARN: z.string(),
    REPOSITORY_NAME: z.string(),
  }),
  process.env,
);
const table = { client: createDynamoDBClient(), tableName: settings.RUNS_TABLE_NAME };
const codebuild = createCodeBuildClient();
const artifacts = { client: createS3Client({ socketTimeout: 10_000 }), bucket: settings.ARTIFACTS_BUCKET_NAME };
const key = { client: createKMSClient(), keyArn: settings.SIGNING_KEY_ARN };

/** Signs what a build has made, outside of the build: nothing that runs code of a commit may use the key. */
export const handler = stepHandler(async (state): Promise<State> => {
  const { run } = state;
  const artifact = run.again ?? (await sign(run));
  if (run.environment === undefined) return { ...state, artifact };
  const { deployments } = await readEnvironmentRecord(table, run.environment.name);
  return { ...state, artifact, base: deployments };
});

async function sign(run: Run): Promise<Artifact> {
  const stored = await readBuild(table, buildIdOf(run.id, 'build', 0));
  const [build] = stored?.buildId === undefined ? [] : await readBuilds(codebuild, [stored.buildId]);
  const objectKey = `${outputPathOf(run.id, 'build', 0)}/${assemblyName}`;
  const { digest, versionId } = await digestOf(artifacts, objectKey);
  const made = checkBuild(build, { run, projectArn: settings.BUILD_PROJECT_ARN, digest });
  const statement = statementOf({
    name: assemblyName,
    digest,
    repository: settings.REPOSITORY_NAME,
    commit: run.commit,
    runId: run.id,
    builder: settings.BUILD_PROJECT_ARN,
    build: made.arn,
  });
  const signature = await signStatement(key, statement);
  const statementKey = `statements/${run.id}.json`;
  const statementVersionId = await writeText(artifacts, statementKey, sealStatement(statement, key.keyArn, signature));
  logger.info('artifact signed', { digest, build: made.id });
  return { key: objectKey, versionId, digest, statementKey, statementVersionId, runId: run.id, commit: run.commit };
}
