import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { countExpectedErrors } from '../shared/expected-errors';
import { describeIssues } from '../shared/input-issues';
import { logger } from '../shared/observability';
import { createStatesClient } from '../shared/states-client';
import { readApproval, recordDecision } from './adapters/dynamodb-approvals';
import { readRun } from './adapters/dynamodb-runs';
import { endTask } from './adapters/states-tasks';
import { decisionSchema, checkDecision } from './approval';
import { decisionResult } from './decision-result';
import { seconds } from './times';

const settings = readEnvironment(z.object({ RUNS_TABLE_NAME: z.string() }), process.env);
const table = { client: createDynamoDBClient(), tableName: settings.RUNS_TABLE_NAME };
const sfn = createStatesClient();

/**
 * Request to a function URL with IAM; who calls is what IAM has authenticated, never what the body says.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
const eventSchema = z.object({
  requestContext: z.object({ authorizer: z.object({ iam: z.object({ userArn: z.string() }) }) }),
  body: z.string(),
  isBase64Encoded: z.optional(z.boolean()),
});

interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Request that did not come from the function URL. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
}

const isInvalid = (error: unknown): boolean => error instanceof InvalidRequestError;

/** Receives the decision on a deployment. */
export const handler = countExpectedErrors(isInvalid, async (event, context): Promise<HttpResponse> => {
  logger.addContext(context);
  const request = eventSchema.safeParse(event);
  if (!request.success) throw new InvalidRequestError(describeIssues(request.error).join('; '));
  const { requestContext, body, isBase64Encoded } = request.data;
  const { userArn } = requestContext.authorizer.iam;
  const parsed = decisionSchema.safeParse(readJson(isBase64Encoded === true ? fromBase64(body) : body));
  if (!parsed.success) return respond(400, 'use runId, round, digest, diffHash and decision: approve or reject');
  const decision = parsed.data;
  const { runId, round } = decision;
  const stored = await readApproval(table, runId, round);
  const pusher = (await readRun(table, runId))?.run.pusher;
  const asked = stored === undefined || pusher === undefined ? stored : { ...stored, pusher };
  const now = seconds(new Date());
  let verdict = checkDecision(asked, decision, { arn: userArn, now });
  if (verdict === 'accepted' && !(await recordDecision(table, decision, userArn))) verdict = 'already decided';
  // After a repeated request, too: the first one may have been cut off after it was recorded.
  if (verdict === 'accepted' || verdict === 'already decided') await sendDecision(runId, round);
  logger.info('decision received', { runId, round, verdict });
  return verdict === 'accepted' ? respond(200, decision.decision) : respond(409, verdict);
});

/** Sends the recorded decision to the run. The request is read again: another attempt may have stored its token since. */
async function sendDecision(runId: string, round: number): Promise<void> {
  const { taskToken, decision } = (await readApproval(table, runId, round)) ?? {};
  if (taskToken !== undefined && decision !== undefined) await endTask(sfn, taskToken, decisionResult(decision));
}

const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString();

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function respond(statusCode: number, result: string): HttpResponse {
  return { statusCode, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ result }) };
}
