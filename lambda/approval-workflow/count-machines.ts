import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { createEC2Client } from '../shared/ec2-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { logger, publishMetrics } from '../shared/observability';
import { findDifferences } from './adapters/differences';

const settings = readEnvironment(
  z.object({ REQUESTS_TABLE_NAME: z.string(), MANAGED_BY: z.string(), APPROVAL_SECONDS: wholeNumber }),
  process.env,
);
const requestsTableName = settings.REQUESTS_TABLE_NAME;
const store = { client: createDynamoDBClient(), requestsTableName };
const ec2 = createEC2Client({ requestTimeout: 10_000 });

/** Counts, every hour, machines without a request and requests without a machine, and what is late or stuck; returns the counts. */
export const handler = async (_event: unknown, context: Context): Promise<Readonly<Record<string, number>>> => {
  logger.addContext(context);
  const options = { managedBy: settings.MANAGED_BY, approvalSeconds: settings.APPROVAL_SECONDS, now: new Date() };
  const found = await findDifferences(store, ec2, options);
  const counts = {
    MachinesWithoutRequest: found.machinesWithoutRequest.length,
    RequestsWithoutMachine: found.requestsWithoutMachine.length,
    OverdueMachines: found.overdue.length,
    StuckRequests: found.stuck.length,
  };
  publishMetrics({ RequestsTable: requestsTableName }, counts);
  logger.info('machines counted', counts);
  return counts;
};
