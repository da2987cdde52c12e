import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { readEnvironment } from '../shared/environment';
import { countExpectedErrors } from '../shared/expected-errors';
import { errorFields, logger } from '../shared/observability';
import { createKinesisClient, putReadings, type ReadingsStream } from './adapters/kinesis-readings';
import { retryUntilDeadline } from './invocation-time';
import { InvalidReadingError, parseReadings } from './reading';
import { readingsIn, requestOf, type QueuedReading } from './recording-request';
import type { StreamResponse } from './stream-response';

const settings = readEnvironment(z.object({ READINGS_STREAM_NAME: z.string() }), process.env);

const kinesis = createKinesisClient();

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Recorded {
  readonly recorded: number;
}

/**
 * Writes readings to the stream, whoever invokes it: a caller by HTTP receives a status, a queue the messages that failed, and any
 * other caller an error.
 */
export const handler = countExpectedErrors(
  (error) => error instanceof InvalidReadingError,
  async (event: unknown, context): Promise<HttpResponse | StreamResponse | Recorded> => {
    logger.addContext(context);
    const request = requestOf(event);
    const stream = streamFor(context);
    switch (request.kind) {
      case 'http':
        return respond(stream, request.body);
      case 'queue':
        return recordMessages(stream, request.messages);
      case 'invocation': {
        const readings = parseReadings(request.input);
        await putReadings(stream, readings);
        return { recorded: readings.length };
      }
    }
  },
);

function streamFor(context: Context): ReadingsStream {
  return { client: kinesis, streamName: settings.READINGS_STREAM_NAME, retryPolicy: retryUntilDeadline(context) };
}

async function respond(stream: ReadingsStream, body: string): Promise<HttpResponse> {
  try {
    const readings = readingsIn(body);
    await putReadings(stream, readings);
    return response(202, { recorded: readings.length });
  } catch (error) {
    if (error instanceof InvalidReadingError) return response(400, { message: error.message });
    logger.error('readings not recorded', errorFields(error));
    return response(503, { message: 'not recorded: send the same readings again' }, { 'Retry-After': '1' });
  }
}

function response(statusCode: number, body: object, headers: Record<string, string> = {}): HttpResponse {
  return { statusCode, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** Records each message by itself, so that one that fails is delivered again alone. */
async function recordMessages(stream: ReadingsStream, messages: readonly QueuedReading[]): Promise<StreamResponse> {
  const failed = await Promise.all(
    messages.map(async ({ messageId, body }) => {
      try {
        await putReadings(stream, readingsIn(body));
        return [];
      } catch (error) {
        logger.error('message failed', { messageId, ...errorFields(error) });
        return [{ itemIdentifier: messageId }];
      }
    }),
  );
  return { batchItemFailures: failed.flat() };
}
