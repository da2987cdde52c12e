import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { countOpenFiles } from './adapters/dynamodb-files';
import { publishEtlMetrics } from './etl-metrics';

const settings = readEnvironment(z.object({ FILES_TABLE_NAME: z.string(), ROWS_TABLE_NAME: z.string() }), process.env);
const client = createDynamoDBClient();

/** Measures the backlog every few minutes: files that were claimed and have reached no end, whatever became of their executions. */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  logger.addContext(context);
  const { count, oldest } = await countOpenFiles({ client, tableName: settings.FILES_TABLE_NAME });
  const seconds = oldest === undefined ? 0 : Math.max(0, Math.round((Date.now() - oldest.getTime()) / 1_000));
  publishEtlMetrics(settings.ROWS_TABLE_NAME, {
    OpenFiles: count,
    OldestOpenFile: { value: seconds, unit: 'Seconds' },
  });
  logger.info('open files counted', { count, seconds });
};
