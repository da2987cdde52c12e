import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { sendAnswer } from './cloudformation-answer';
import { answer, deploymentSchema, settle, type Answer, type Deployment } from './deployment';
import { connectToLambda, invokeMigrate } from './lambda-migrate';

/** Kept of an invocation's time for the answer to CloudFormation, in milliseconds. */
const safetyMargin = 15_000;

const settings = readEnvironment(
  z.object({ MIGRATE_FUNCTION_NAME: z.string(), MIGRATE_TIMEOUT_SECONDS: wholeNumber }),
  process.env,
);
const migrateMilliseconds = settings.MIGRATE_TIMEOUT_SECONDS * 1_000;
const lambda = connectToLambda(migrateMilliseconds);
const logger = new Logger();

/**
 * Has `Migrate` run in a deployment and tells CloudFormation how that ended. It is outside the VPC: from isolated subnets
 * there is no way to answer CloudFormation.
 */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  logger.addContext(context);
  const deployment = deploymentSchema.parse(event);
  const ended = await settled(deployment, context);
  logger[ended.Status === 'SUCCESS' ? 'info' : 'error']('deployment answered', {
    requestType: deployment.RequestType,
    status: ended.Status,
    reason: ended.Reason,
  });
  await sendAnswer(deployment.ResponseURL, ended);
};

async function settled(deployment: Deployment, context: Context): Promise<Answer> {
  // The last attempt may take all the time that Migrate has.
  const remaining = (): number => context.getRemainingTimeInMillis() - migrateMilliseconds - safetyMargin;
  const clock = { remaining, sleep: (milliseconds: number) => sleep(milliseconds) };
  try {
    return await settle(deployment, () => invokeMigrate(lambda, settings.MIGRATE_FUNCTION_NAME), clock);
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return answer(deployment, 'FAILED', `the migrations could not be started: ${reason}`);
  }
}
