import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database';
import { internalFailure, loggable, TellableError } from './failures';
import { ingest, totals } from './records';
import { readRequest, type IngestAnswer, type Request, type TotalsAnswer } from './request';
import { pauseMilliseconds, Session } from './session';
import { opener, readSettings } from './settings';

/** Kept of an invocation's time for the answer, in milliseconds. */
const safetyMargin = 1_000;

const settings = readSettings(process.env);
const logger = new Logger();
const metrics = new Metrics();
let session: Session | undefined;

/** Ingests records or sums them up; invoked by a caller that waits for the answer. */
export const handler = async (event: unknown, context: Context): Promise<IngestAnswer | TotalsAnswer> => {
  logger.addContext(context);
  const started = Date.now();
  try {
    const request = readRequest(event);
    session ??= new Session(await opener(settings));
    const answer = await session.run((database) => act(database, request), patienceOf(context), retried);
    report(request, answer, Date.now() - started);
    return answer;
  } catch (error) {
    if (error instanceof TellableError) {
      logger.warn('refused', { reason: error.name });
      throw error;
    }
    logger.error('failed', loggable(error));
    throw internalFailure(context.awsRequestId);
  } finally {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  }
};

function act({ db }: Database, request: Request): Promise<IngestAnswer | TotalsAnswer> {
  switch (request.operation) {
    case 'ingest':
      return ingest(db, settings.DATABASE_ENGINE, request.records);
    case 'totals':
      return totals(db, request);
  }
}

function patienceOf(context: Context) {
  return {
    remaining: () => context.getRemainingTimeInMillis() - safetyMargin,
    pause: (next: number) => sleep(pauseMilliseconds(next, Math.random())),
  };
}

function retried(error: unknown, next: number): void {
  logger.warn('tried again', { next, ...loggable(error) });
  metrics.addMetric('Retried', MetricUnit.Count, 1);
}

function report(request: Request, answer: IngestAnswer | TotalsAnswer, milliseconds: number): void {
  if ('inserted' in answer) {
    const conflicts = answer.conflicts.length;
    logger.info('ingested', { inserted: answer.inserted, duplicates: answer.duplicates, conflicts, milliseconds });
    metrics.addMetric('Inserted', MetricUnit.Count, answer.inserted);
    metrics.addMetric('Duplicates', MetricUnit.Count, answer.duplicates);
    metrics.addMetric('Conflicts', MetricUnit.Count, conflicts);
  } else {
    logger.info(request.operation, { currencies: Object.keys(answer.totals).length, milliseconds });
  }
}
