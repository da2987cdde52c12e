import * as z from 'zod/mini';
import { createCodeBuildClient } from '../shared/codebuild-client';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { createCodeCommitClient } from '../shared/codecommit-client';
import { createS3Client } from '../shared/s3-client';
import { createSNSClient } from '../shared/sns-client';
import { readBuilds } from './adapters/codebuild-builds';
import { commentOn } from './adapters/codecommit-comments';
import { readBuild } from './adapters/dynamodb-builds';
import { readRun } from './adapters/dynamodb-runs';
import { readText } from './adapters/s3-artifacts';
import { publish } from './adapters/sns-messages';
import { diffName } from './build-request';
import { isFailure } from './ending';
import { concludeRun, stopBuilds } from './finish';
import { commentOf, messageOf, type Report, type ReportedStep } from './report';
import { buildIdOf, buildSteps, outputPathOf, type State } from './run';
import { stepHandler } from './step-handler';

const settings = readEnvironment(
  z.object({
    RUNS_TABLE_NAME: z.string(),
    REPORTS_TOPIC_ARN: z.string(),
    ARTIFACTS_BUCKET_NAME: z.string(),
    REPOSITORY_NAME: z.string(),
  }),
  process.env,
);
const table = { client: createDynamoDBClient(), tableName: settings.RUNS_TABLE_NAME };
const codebuild = createCodeBuildClient();
const sns = createSNSClient();
const artifacts = { client: createS3Client(), bucket: settings.ARTIFACTS_BUCKET_NAME };
const repository = { client: createCodeCommitClient(), name: settings.REPOSITORY_NAME };

/** Ends a run, however it went: its builds are stopped, the environment is released, and the team is notified. */
export const handler = stepHandler(async (state, now): Promise<{ status: string; failed: boolean }> => {
  await stopBuilds(table, codebuild, state.run.id);
  const status = await concludeRun(table, state, now);
  const stored = await readRun(table, state.run.id);
  const began = Date.parse(stored?.startedAt ?? '') || now.getTime();
  const run = stored?.run ?? state.run;
  const steps = await stepsOf(state);
  const diff = await diffOf(state.run.id, steps);
  const seconds = (now.getTime() - began) / 1_000;
  const report: Report = { state: { ...state, run }, status, seconds, steps, ...(diff === undefined ? {} : { diff }) };
  await publish(sns, settings.REPORTS_TOPIC_ARN, messageOf(report));
  await comment(report);
  logger.info('run ended', { status });
  return { status, failed: isFailure(status) };
});

/** Builds of the run in the order of the steps; a run that began with an earlier artifact has none of the first steps. */
async function stepsOf({ run, round }: State): Promise<ReportedStep[]> {
  const steps: ReportedStep[] = [];
  for (let current = 0; current <= round; current++) {
    for (const step of buildSteps) {
      const stored = await readBuild(table, buildIdOf(run.id, step, current));
      const [build] = stored?.buildId === undefined ? [] : await readBuilds(codebuild, [stored.buildId]);
      if (build !== undefined) steps.push({ step, round: current, outcome: build.status, seconds: build.seconds ?? 0 });
    }
  }
  return steps;
}

async function diffOf(runId: string, steps: readonly ReportedStep[]): Promise<string | undefined> {
  const last = steps.findLast(({ step, outcome }) => step === 'diff' && outcome === 'SUCCEEDED');
  if (last === undefined) return undefined;
  return readText(artifacts, `${outputPathOf(runId, 'diff', last.round)}/${diffName}`);
}

/** Comments on the commit. A run does not fail by it: a force push may have removed the commit. */
async function comment(report: Report): Promise<void> {
  const { run } = report.state;
  try {
    await commentOn(repository, { commitId: run.commit, content: commentOf(report), id: run.id });
  } catch (error) {
    logger.warn('the commit has no comment', { error });
  }
}
