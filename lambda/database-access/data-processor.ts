import type { Context } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import { Deadline } from '../shared/deadline';
import { countExpectedErrors } from '../shared/expected-errors';
import { countMetric, flushMetrics, logger } from '../shared/observability';
import type { Database } from './database';
import { internalFailure, isUnusableRequest, loggableError, PublicError } from './failures';
import { ingestRecords, sumRecords, type IngestAnswer, type TotalsAnswer } from './records';
import { readRequest, type Request } from './request';
import { pauseMilliseconds, Session, type RetryPolicy } from './session';
import { createDatabaseOpener, readSettings } from './settings';

/** Time reserved for the answer, in milliseconds. */
const safetyMargin = 1_000;

const settings = readSettings(process.env);
let session: Session | undefined;

/** Ingests records or sums them; invoked synchronously. */
export const handler = countExpectedErrors(
  isUnusableRequest,
  async (event, context): Promise<IngestAnswer | TotalsAnswer> => {
    logger.addContext(context);
    const started = Date.now();
    try {
      const request = readRequest(event);
      session ??= new Session(await createDatabaseOpener(settings));
      const answer = await session.run(
        (database) => act(database, request),
        retryPolicy(context, request),
        reportRetry,
      );
      report(request, answer, Date.now() - started);
      return answer;
    } catch (error) {
      if (error instanceof PublicError) {
        logger.warn('refused', { reason: error.name });
        throw error;
      }
      logger.error('failed', loggableError(error));
      throw internalFailure(context.awsRequestId);
    } finally {
      flushMetrics();
    }
  },
);

function act({ db }: Database, request: Request): Promise<IngestAnswer | TotalsAnswer> {
  switch (request.operation) {
    case 'ingest':
      return ingestRecords({ db, engine: settings.DATABASE_ENGINE }, request.records);
    case 'totals':
      return sumRecords({ db }, request);
  }
}

function retryPolicy(context: Context, { operation }: Request): RetryPolicy {
  return {
    locksRows: operation === 'ingest',
    signal: new Deadline(() => context.getRemainingTimeInMillis()).signalBefore(safetyMargin),
    pause: (next: number) => sleep(pauseMilliseconds(next, Math.random())),
  };
}

function reportRetry(error: unknown, next: number): void {
  logger.warn('tried again', { next, ...loggableError(error) });
  countMetric('Retried');
}

function report(request: Request, answer: IngestAnswer | TotalsAnswer, milliseconds: number): void {
  if ('inserted' in answer) {
    const conflicts = answer.conflicts.length;
    logger.info('ingested', { inserted: answer.inserted, duplicates: answer.duplicates, conflicts, milliseconds });
    countMetric('Inserted', answer.inserted);
    countMetric('Duplicates', answer.duplicates);
    countMetric('Conflicts', conflicts);
  } else {
    logger.info(request.operation, { currencies: Object.keys(answer.totals).length, milliseconds });
  }
}
