import type { Context } from 'aws-lambda';
import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { logger } from '../shared/observability';
import { createSecretsManagerClient } from '../shared/secretsmanager-client';
import { isBusy } from '../shared/service-busy';
import { createSsmClient } from '../shared/ssm-client';
import { admit } from './adapters/dynamodb-rate-limits';
import { createContentClient } from './adapters/s3-content';
import { cursorKeyOf } from './adapters/secrets-cursor-key';
import { writesAcceptedBy } from './adapters/ssm-writes';
import { callerOf } from './caller';
import { corsHeaders, preflightHeaders } from './cors';
import { operations, type Answer, type Dependencies, type Operation } from './operations';
import { notFound, problemBody, ProblemError } from './problem';
import { rateLimitHeaders } from './rate-limit';
import { readRequest, type ApiRequest } from './request';

const settings = readEnvironment(
  z.object({
    DOCUMENTS_TABLE_NAME: z.string(),
    IDEMPOTENCY_KEYS_TABLE_NAME: z.string(),
    UPLOADS_BUCKET_NAME: z.string(),
    CURSOR_SECRET_ARN: z.string(),
    USER_POOL_CLIENT_IDS: z.string(),
    UPLOAD_HOURS: wholeNumber,
    WRITES_PARAMETER_NAME: z.string(),
    WRITES_CACHE_SECONDS: wholeNumber,
    RATE_LIMITS_TABLE_NAME: z.optional(z.string()),
    CALLER_REQUESTS_PER_SECOND: z.optional(z.coerce.number().check(z.positive())),
    CALLER_BURST: z.optional(wholeNumber),
    CORS_ORIGINS: z.optional(z.string()),
  }),
  process.env,
);
const now = (): Date => new Date();
const client = createDynamoDBClient();
const dependencies: Dependencies = {
  table: { client, tableName: settings.DOCUMENTS_TABLE_NAME, now },
  keysTableName: settings.IDEMPOTENCY_KEYS_TABLE_NAME,
  bucket: { client: createContentClient(), bucketName: settings.UPLOADS_BUCKET_NAME, now },
  cursorKey: cursorKeyOf(createSecretsManagerClient(), settings.CURSOR_SECRET_ARN),
  randomBytes: () => randomBytes(16),
  uploadHours: settings.UPLOAD_HOURS,
};
const writesAccepted = writesAcceptedBy({
  // A request waits for it: no longer than this, whatever the state of Parameter Store.
  client: createSsmClient({ maxAttempts: 2, connectionTimeout: 500, requestTimeout: 500 }),
  name: settings.WRITES_PARAMETER_NAME,
  cachedMilliseconds: settings.WRITES_CACHE_SECONDS * 1_000,
  now: Date.now,
  warn: (errorName) => logger.warn('the parameter of writes cannot be read', { errorName }),
});
const { RATE_LIMITS_TABLE_NAME, CALLER_REQUESTS_PER_SECOND: requestsPerSecond = 1, CALLER_BURST: burst = 1 } = settings;
const limiter = RATE_LIMITS_TABLE_NAME && {
  client,
  tableName: RATE_LIMITS_TABLE_NAME,
  limit: { requestsPerSecond, burst },
  now,
};
const origins = (settings.CORS_ORIGINS ?? '').split(',').filter((origin) => origin !== '');
const clientIds = settings.USER_POOL_CLIENT_IDS.split(',');

/** Answer as API Gateway takes it. */
export interface ApiResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers the requests of the API: each gets an answer, and a failure is a 500 that names nothing but the request. */
export const handler = async (event: unknown, context: Context): Promise<ApiResponse> => {
  logger.addContext(context);
  const request = readRequest(event);
  const { method, resource, requestId } = request;
  const answer = await answerTo(request).catch((thrown: unknown) => refusal(thrown, requestId));
  logger.info('request answered', { requestId, method, resource, status: answer.status });
  return responseOf(answer, corsHeaders(origins, request.headers.get('origin')));
};

async function answerTo(request: ApiRequest): Promise<Answer> {
  const { method, resource } = request;
  // Browsers ask before a request, without its token.
  if (method === 'OPTIONS' && origins.length > 0) {
    return { status: 204, headers: preflightHeaders(Object.keys(operations[resource] ?? {})) };
  }
  const { access, run } = operationOf(request);
  const owner = callerOf(request, access, clientIds);
  const limits = await limit(owner);
  if (access === 'write' && !(await writesAccepted())) {
    throw new ProblemError(503, 'writes are paused: try again later', { headers: { 'Retry-After': '60' } });
  }
  const answer = await run(dependencies, owner, request);
  return { ...answer, headers: { ...limits, ...answer.headers } };
}

/**
 * Counts the request of a caller, where callers are limited, and returns the fields that tell what is left.
 *
 * @throws ProblemError 429
 */
async function limit(owner: string): Promise<Record<string, string>> {
  if (!limiter) return {};
  const verdict = await admit(limiter, owner);
  const headers = rateLimitHeaders(limiter.limit, verdict);
  if (verdict.admitted) return headers;
  const retry = { 'Retry-After': String(Math.max(1, verdict.retrySeconds)) };
  throw new ProblemError(429, 'send fewer requests a second', { headers: { ...headers, ...retry } });
}

/** @throws ProblemError 404, 405 */
function operationOf({ resource, method }: ApiRequest): Operation {
  const methods = operations[resource];
  if (methods === undefined) throw notFound();
  const operation = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (operation !== undefined) return operation;
  const Allow = [...Object.keys(methods), 'OPTIONS'].join(', ');
  throw new ProblemError(405, `use one of ${Allow}`, { headers: { Allow } });
}

function refusal(thrown: unknown, requestId: string): Answer {
  const problem = thrown instanceof ProblemError ? thrown : problemOf(thrown, requestId);
  const headers = { 'Content-Type': 'application/problem+json', ...problem.options.headers };
  return { status: problem.status, headers, body: problemBody(problem, requestId) };
}

/** Logs an unexpected error without its message, which may repeat what the caller sent. */
function problemOf(thrown: unknown, requestId: string): ProblemError {
  const { name, stack = '' } = thrown instanceof Error ? thrown : new Error('not an error');
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  if (isBusy(thrown)) {
    logger.warn('service busy', { requestId, errorName: name });
    return new ProblemError(503, 'try again in a moment', { headers: { 'Retry-After': '1' } });
  }
  logger.error('request failed', { requestId, errorName: name, frames });
  return new ProblemError(500, 'the request failed: quote its requestId to report it');
}

function responseOf({ status, headers = {}, body }: Answer, cors: Readonly<Record<string, string>>): ApiResponse {
  return {
    statusCode: status,
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      // Links expire, and every answer is the caller's own.
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...cors,
      ...headers,
    },
    body: body === undefined ? '' : JSON.stringify(body),
  };
}
