import * as z from 'zod/mini';
import { describeIssues } from '../shared/input-issues';
import { JsonTextError, parseJsonText } from './json-text';
import { ProblemError } from './problem';

/** Longest body in bytes; the largest valid one has about 4,000. */
const maximumBodyBytes = 65_536;

const texts = z.nullish(z.record(z.string(), z.nullish(z.string())));
const lists = z.nullish(z.record(z.string(), z.nullish(z.array(z.string()))));

/** Part of API Gateway's event that is read. https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html */
const eventSchema = z.object({
  httpMethod: z.string(),
  resource: z.string(),
  pathParameters: texts,
  headers: texts,
  multiValueQueryStringParameters: lists,
  body: z.nullish(z.string()),
  isBase64Encoded: z.nullish(z.boolean()),
  requestContext: z.object({
    requestId: z.string(),
    authorizer: z.nullish(z.object({ claims: texts })),
  }),
});

export interface ApiRequest {
  readonly method: string;
  /** Path as the API declares it: `/documents/{id}`. */
  readonly resource: string;
  readonly id: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  /** Claims of the token, which the gateway has verified. */
  readonly claims: Readonly<Record<string, string | null | undefined>>;
  readonly requestId: string;
}

/** Reads the gateway's event, which no caller can make. */
export function readRequest(event: unknown): ApiRequest {
  const { httpMethod, resource, requestContext, ...rest } = eventSchema.parse(event);
  const headers = Object.entries(rest.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value ?? ''] as const);
  const query = Object.entries(rest.multiValueQueryStringParameters ?? {}).map(([name, all]) => [name, all ?? []]);
  const body = rest.body ?? '';
  return {
    method: httpMethod,
    resource,
    id: rest.pathParameters?.['id'] ?? '',
    headers: new Map(headers),
    query: Object.fromEntries(query) as Record<string, string[]>,
    body: rest.isBase64Encoded === true ? Buffer.from(body, 'base64').toString() : body,
    claims: requestContext.authorizer?.claims ?? {},
    requestId: requestContext.requestId,
  };
}

/**
 * Reads a JSON body.
 *
 * @throws ProblemError 400, 413, 415
 */
export function readBody<Schema extends z.ZodMiniType>(
  { headers, body }: ApiRequest,
  mediaType: string,
  schema: Schema,
): z.output<Schema> {
  const [received = ''] = (headers.get('content-type') ?? '').split(';');
  if (received.trim().toLowerCase() !== mediaType) {
    const accept = mediaType.includes('patch') ? { headers: { 'Accept-Patch': mediaType } } : {};
    throw new ProblemError(415, `use the content type ${mediaType}`, accept);
  }
  if (Buffer.byteLength(body) > maximumBodyBytes) {
    throw new ProblemError(413, `use a body of at most ${maximumBodyBytes} bytes: the content goes to the upload link`);
  }
  return checked(schema, parseBody(body), 'body');
}

/** @throws ProblemError 400 */
export function readQuery<Schema extends z.ZodMiniType>({ query }: ApiRequest, schema: Schema): z.output<Schema> {
  if (Object.values(query).some((values) => values.length > 1)) {
    throw new ProblemError(400, 'the query is not valid', { errors: ['query: use each parameter once'] });
  }
  const values = Object.entries(query).map(([name, [value = '']]) => [name, value]);
  return checked(schema, Object.fromEntries(values), 'query');
}

function parseBody(body: string): unknown {
  try {
    return parseJsonText(body);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw new ProblemError(400, 'the body is not valid', { errors: [`body: ${error.message}`] });
  }
}

function checked<Schema extends z.ZodMiniType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProblemError(400, `the ${what} is not valid`, { errors: describeIssues(parsed.error, what) });
}
