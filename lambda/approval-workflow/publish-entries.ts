import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { logger } from '../shared/observability';
import { createEventsClient, publishEntries } from './adapters/eventbridge-audit';

const settings = readEnvironment(z.object({ EVENT_BUS_NAME: z.string() }), process.env);
const bus = { client: createEventsClient(), busName: settings.EVENT_BUS_NAME };

const text = z.object({ S: z.string() });

/** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html#events-sample-dynamodb */
const eventSchema = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({
        SequenceNumber: z.string(),
        NewImage: z.object({
          requestId: text,
          entry: text,
          at: text,
          status: text,
          team: text,
          what: text,
          who: text,
        }),
      }),
    }),
  ),
});

export interface StreamResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Publishes new entries of the audit table, in order. The stream delivers each until it is published, whatever ends the function
 * that wrote it; some arrive twice.
 */
export const handler = async (event: unknown, context: Context): Promise<StreamResponse> => {
  logger.addContext(context);
  const { Records } = eventSchema.parse(event);
  const entries = Records.map(({ dynamodb: { NewImage: item } }) => ({
    requestId: item.requestId.S,
    entry: item.entry.S,
    at: item.at.S,
    status: item.status.S,
    team: item.team.S,
    what: item.what.S,
    who: item.who.S,
  }));
  const published = await publishEntries(bus, entries);
  if (published < entries.length) logger.warn('entries not published yet', { left: entries.length - published });
  // Lambda delivers the first that is missing again, with all after it.
  const missing = Records[published]?.dynamodb.SequenceNumber;
  return { batchItemFailures: missing === undefined ? [] : [{ itemIdentifier: missing }] };
};
