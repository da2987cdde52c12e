import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { translateBusyErrors } from '../shared/service-busy';
import { createSNSClient } from '../shared/sns-client';
import { createStatesClient } from '../shared/states-client';
import { saveApproval } from './adapters/dynamodb-approvals';
import { readRun } from './adapters/dynamodb-runs';
import { readText } from './adapters/s3-artifacts';
import { publish } from './adapters/sns-messages';
import { endTask } from './adapters/states-tasks';
import { diffName } from './build-request';
import { decisionResult } from './decision-result';
import { outputPathOf, stateSchema } from './run';
import { seconds } from './times';

const settings = readEnvironment(
  z.object({
    RUNS_TABLE_NAME: z.string(),
    ARTIFACTS_BUCKET_NAME: z.string(),
    REPORTS_TOPIC_ARN: z.string(),
    APPROVAL_SECONDS: wholeNumber,
  }),
  process.env,
);
const table = { client: createDynamoDBClient(), tableName: settings.RUNS_TABLE_NAME };
const artifacts = { client: createS3Client(), bucket: settings.ARTIFACTS_BUCKET_NAME };
const sns = createSNSClient();
const sfn = createStatesClient();

const inputSchema = z.object({
  taskToken: z.string(),
  /** Begin of the wait: however often this is repeated, the request expires at the same time. */
  since: z.iso.datetime(),
  state: stateSchema,
});

/** Asks for an approval of this artifact and this difference. */
export const handler = translateBusyErrors(async (event, context): Promise<void> => {
  logger.addContext(context);
  const { taskToken, since, state } = inputSchema.parse(event);
  const { run, round, artifact } = state;
  const diff = await readText(artifacts, `${outputPathOf(run.id, 'diff', round)}/${diffName}`);
  const pusher = (await readRun(table, run.id))?.run.pusher;
  const saved = await saveApproval(table, {
    runId: run.id,
    round,
    digest: artifact?.digest ?? '',
    diffHash: createHash('sha256').update(diff).digest('hex'),
    expiresAt: seconds(new Date(since)) + settings.APPROVAL_SECONDS,
    ...(pusher === undefined ? {} : { pusher }),
    taskToken,
  });
  // An earlier attempt has asked, and somebody has answered it.
  if (saved.decision !== undefined) await endTask(sfn, taskToken, decisionResult(saved.decision));
  const message = [
    `Run ${run.id} waits for an approval until ${new Date(saved.expiresAt * 1_000).toISOString()}.`,
    `Artifact: ${saved.digest}`,
    `Difference: ${saved.diffHash}`,
    `To see it and decide: npm run ops -- gitops-pipeline approve ${run.id}`,
  ].join('\n');
  await publish(sns, settings.REPORTS_TOPIC_ARN, { subject: `Approval needed: ${run.id}`.slice(0, 100), message });
});
