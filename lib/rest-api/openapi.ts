import { z } from 'zod';
import { titles, type ErrorStatus } from '../../lambda/rest-api/problem';
import {
  documentListSchema,
  documentPatchSchema,
  documentSchema,
  listQuerySchema,
  newDocumentSchema,
  problemSchema,
} from '../../lambda/rest-api/schemas';

type Json = { readonly [key: string]: unknown };

/** Schemas by their name in the description. */
const schemas = {
  NewDocument: newDocumentSchema,
  DocumentPatch: documentPatchSchema,
  Document: documentSchema,
  DocumentList: documentListSchema,
  Problem: problemSchema,
} as const;

const reference = (name: keyof typeof schemas): Json => ({ $ref: `#/components/schemas/${name}` });
const content = (type: string, name: keyof typeof schemas): Json => ({ [type]: { schema: reference(name) } });
const header = (name: string, description: string, required = false): Json => ({
  ...{ name, in: 'header', required, description },
  schema: { type: 'string' },
});
const idParameter = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };

interface Route {
  readonly path: string;
  readonly method: string;
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
  readonly success: {
    readonly status: number;
    readonly answer?: keyof typeof schemas;
    readonly headers?: readonly string[];
  };
  /** Statuses beside those of every route. */
  readonly errors?: readonly ErrorStatus[];
}

/** Errors that any route may answer. */
export const commonErrors: readonly ErrorStatus[] = [400, 401, 403, 429, 500, 503];

/** Routes with what they take and answer; a test holds them against the operations and the gateway. */
export const routes: readonly Route[] = [
  {
    path: '/documents',
    method: 'GET',
    operationId: 'listDocuments',
    summary: "The caller's documents, oldest first",
    parameters: Object.entries(inputOf(listQuerySchema)).map(([name, schema]) => ({ name, in: 'query', schema })),
    success: { status: 200, answer: 'DocumentList' },
  },
  {
    path: '/documents',
    method: 'POST',
    operationId: 'createDocument',
    summary: 'A new document, with the link for its upload',
    parameters: [header('Idempotency-Key', 'The same request with the same key gets the same answer for 24 hours')],
    requestBody: { required: true, content: content('application/json', 'NewDocument') },
    success: { status: 201, answer: 'Document', headers: ['ETag', 'Location'] },
    errors: [409, 413, 415, 422],
  },
  {
    path: '/documents/{id}',
    method: 'GET',
    operationId: 'getDocument',
    summary: 'A document, with the link for its upload or download',
    parameters: [idParameter],
    success: { status: 200, answer: 'Document', headers: ['ETag'] },
    errors: [404],
  },
  {
    path: '/documents/{id}',
    method: 'PATCH',
    operationId: 'changeDocument',
    summary: 'Changes what the merge patch names',
    parameters: [idParameter, header('If-Match', 'ETag of the document that the change is for', true)],
    requestBody: { required: true, content: content('application/merge-patch+json', 'DocumentPatch') },
    success: { status: 200, answer: 'Document', headers: ['ETag'] },
    errors: [404, 412, 413, 415, 428],
  },
  {
    path: '/documents/{id}',
    method: 'DELETE',
    operationId: 'deleteDocument',
    summary: 'Deletes a document and its content',
    parameters: [idParameter, header('If-Match', 'ETag of the document that is to be deleted')],
    success: { status: 204 },
    errors: [404, 412],
  },
];

/** Description of the API in OpenAPI 3.1, made of the schemas that the handler and the gateway use. */
export function openApi(): Json {
  const paths = Map.groupBy(routes, ({ path }) => path);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Documents',
      version: '1',
      description: 'Documents, each of its owner. See lib/rest-api/README.md.',
    },
    servers: [{ url: '/v1' }],
    security: [{ accessToken: [], apiKey: [] }],
    paths: Object.fromEntries(
      [...paths].map(([path, all]) => [
        path,
        Object.fromEntries(all.map((route) => [route.method.toLowerCase(), operationOf(route)])),
      ]),
    ),
    components: {
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      },
      schemas: Object.fromEntries(
        Object.entries(schemas).map(([name, schema]) => [
          name,
          withoutDialect(z.toJSONSchema(schema, { io: 'input' })),
        ]),
      ),
    },
  };
}

function operationOf({ operationId, summary, parameters, requestBody, success, errors = [] }: Route): Json {
  const { status, answer, headers = [] } = success;
  const statuses = [...commonErrors, ...errors].sort((one, other) => one - other);
  return {
    operationId,
    summary,
    ...(parameters === undefined ? {} : { parameters }),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: {
      [status]: {
        description: summary,
        ...(headers.length === 0
          ? {}
          : { headers: Object.fromEntries(headers.map((name) => [name, { schema: { type: 'string' } }])) }),
        ...(answer === undefined ? {} : { content: content('application/json', answer) }),
      },
      ...Object.fromEntries(
        statuses.map((error) => [
          error,
          { description: titles[error], content: content('application/problem+json', 'Problem') },
        ]),
      ),
      default: { description: 'Any other failure', content: content('application/problem+json', 'Problem') },
    },
  };
}

/** Schemas of a query's parameters. */
function inputOf(schema: z.core.$ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input' }).properties ?? {};
}

function withoutDialect({ $schema: _, ...schema }: { $schema?: unknown } & Json): Json {
  return schema;
}
