import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment } from '../shared/environment';
import { countExpectedErrors } from '../shared/expected-errors';
import { countMetric, errorFields, flushMetrics, logger } from '../shared/observability';
import { InvalidChangeError, parseChangeEvent } from './account-change';
import { projectChange } from './adapters/dynamodb-summaries';
import { createEventsClient, publishEvents } from './adapters/eventbridge-events';
import { retryUntilDeadline } from './invocation-time';
import { projectBatch } from './projection';
import { streamResponse, type StreamResponse } from './stream-response';

const settings = readEnvironment(
  z.object({ SUMMARIES_TABLE_NAME: z.string(), EVENT_BUS_NAME: z.string() }),
  process.env,
);

/** Accounts that are written at once. */
const concurrency = 10;

const dynamodb = createDynamoDBClient();
const events = createEventsClient();

/** Writes the changes of a batch into the view and publishes their events. */
export const handler = countExpectedErrors(
  (error) => error instanceof InvalidChangeError,
  async (event: unknown, context): Promise<StreamResponse> => {
    logger.addContext(context);
    const received = parseChangeEvent(event);
    const retryPolicy = retryUntilDeadline(context);
    const summaries = { client: dynamodb, tableName: settings.SUMMARIES_TABLE_NAME, retryPolicy };
    const bus = { client: events, eventBusName: settings.EVENT_BUS_NAME, retryPolicy };
    const { projected, overtaken, published, failure } = await projectBatch(received, {
      concurrency,
      project: (change) => projectChange(summaries, change),
      publish: (some) => publishEvents(bus, some),
    });
    countMetric('ChangesProjected', projected);
    countMetric('ChangesOvertaken', overtaken);
    countMetric('EventsPublished', published);
    flushMetrics();
    if (failure !== undefined) {
      const sequenceNumber = received[failure.index]?.sequenceNumber;
      logger.error('change failed', { sequenceNumber, ...errorFields(failure.error) });
    }
    return streamResponse(received, failure);
  },
);
