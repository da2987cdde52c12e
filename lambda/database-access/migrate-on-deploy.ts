import type { Context } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { sendResponse, type CustomResourceResponse } from '../shared/custom-resource';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { createLambdaClient } from '../shared/lambda-client';
import { createLogsClient } from '../shared/logs-client';
import { logger } from '../shared/observability';
import {
  customResourceRequestSchema,
  migrateForDeployment,
  respond,
  type CustomResourceRequest,
  type MigrateOutcome,
} from './custom-resource';
import { invokeMigrate } from './lambda-migrate';
import { setRetention } from './logs-retention';
import { isTransientCall } from './transient-calls';

/** Time reserved for the response to CloudFormation, in milliseconds. */
const safetyMargin = 15_000;

const settings = readEnvironment(
  z.object({ MIGRATE_FUNCTION_NAME: z.string(), MIGRATE_TIMEOUT_SECONDS: wholeNumber }),
  process.env,
);
const migrateMilliseconds = settings.MIGRATE_TIMEOUT_SECONDS * 1_000;
/** The answer comes once Migrate has ended. */
const client = createLambdaClient({ requestTimeout: migrateMilliseconds + 5_000 });
const target = { client, functionName: settings.MIGRATE_FUNCTION_NAME };
const logsClient = createLogsClient();

/**
 * Prepares the database during a deployment and sends CloudFormation the result: limits how long RDS's logs are kept, and runs
 * `Migrate`. This function is outside the VPC: isolated subnets have no route to AWS APIs.
 */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  logger.addContext(context);
  const request = customResourceRequestSchema.parse(event);
  const response = await migrate(request, context);
  logger[response.Status === 'SUCCESS' ? 'info' : 'error']('deployment answered', {
    requestType: request.RequestType,
    status: response.Status,
    reason: response.Reason,
  });
  await sendResponse(request.ResponseURL, response);
};

async function migrate(request: CustomResourceRequest, context: Context): Promise<CustomResourceResponse> {
  // The last attempt may take the whole timeout of Migrate.
  const remaining = (): number => context.getRemainingTimeInMillis() - migrateMilliseconds - safetyMargin;
  const clock = { remaining, sleep: (milliseconds: number) => sleep(milliseconds) };
  try {
    return await migrateForDeployment(request, () => prepare(request), clock);
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return respond(request, 'FAILED', `the migrations could not be started: ${reason}`);
  }
}

async function prepare({ ResourceProperties }: CustomResourceRequest): Promise<MigrateOutcome> {
  const { LogGroupNames: names, LogRetentionDays: days } = ResourceProperties;
  try {
    await setRetention({ client: logsClient, names }, days);
  } catch (error) {
    if (!isTransientCall(error)) throw error;
    return { outcome: 'unavailable', reason: `${error.name}: ${error.message}` };
  }
  return invokeMigrate(target);
}
