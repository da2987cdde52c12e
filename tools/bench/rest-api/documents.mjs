// The API behind each front end: its own operations, with the dependencies that serve-documents.ts makes.
import { randomBytes } from 'node:crypto';
import { cursorKeyOf } from '../../../lambda/rest-api/adapters/secrets-cursor-key';
import { createContentClient } from '../../../lambda/rest-api/adapters/s3-content';
import { callerOf } from '../../../lambda/rest-api/caller';
import { operations } from '../../../lambda/rest-api/operations';
import { problemBody, ProblemError } from '../../../lambda/rest-api/problem';
import { createDynamoDBClient } from '../../../lambda/shared/dynamodb-client';
import { createSecretsManagerClient } from '../../../lambda/shared/secretsmanager-client';

const { env } = process;
const now = () => new Date();
const dependencies = {
  table: { client: createDynamoDBClient(), tableName: env.DOCUMENTS_TABLE_NAME, now },
  keysTableName: env.IDEMPOTENCY_KEYS_TABLE_NAME,
  bucket: { client: createContentClient(), bucketName: env.UPLOADS_BUCKET_NAME, now },
  cursorKey: cursorKeyOf(createSecretsManagerClient(), env.CURSOR_SECRET_ARN),
  randomBytes: () => randomBytes(16),
  uploadHours: 24,
};

/** Routes as `[method, path, …]`, with `{id}` for a parameter. */
export const routes = Object.entries(operations).flatMap(([resource, methods]) =>
  Object.keys(methods).map((method) => [method, resource]),
);

/** Runs an operation; returns status, headers and body, of a refusal too. */
export async function answer(event, { method, resource, id = '', body = '', headers }) {
  const { requestContext, multiValueQueryStringParameters } = event;
  const { requestId, authorizer } = requestContext;
  const query = multiValueQueryStringParameters ?? {};
  const { access, run } = operations[resource][method];
  try {
    const request = { method, resource, id, headers, query, body, claims: authorizer.claims, requestId };
    const owner = callerOf(request, access, env.USER_POOL_CLIENT_IDS.split(','));
    return await run(dependencies, owner, request);
  } catch (thrown) {
    const problem = thrown instanceof ProblemError ? thrown : new ProblemError(500, 'the request failed');
    const type = { 'Content-Type': 'application/problem+json' };
    return {
      status: problem.status,
      headers: { ...type, ...problem.options.headers },
      body: problemBody(problem, requestId),
    };
  }
}
