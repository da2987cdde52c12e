import type { ApiResponse } from '../../../lambda/rest-api/serve-documents';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { FakeS3 } from '../../fakes/fake-s3';
import { JsonService } from '../../fakes/json-service';
import { loadHandler, type LoadedHandler } from '../../fakes/load-handler';

export const clientId = 'client-1';

class FakeSecretsManager extends JsonService {
  readonly serviceId = 'SECRETS_MANAGER';
  protected readonly operationHandlers = { GetSecretValue: () => ({ SecretString: 'the key of cursors' }) };
}

export class FakeParameters extends JsonService {
  readonly serviceId = 'SSM';
  value = 'accepted';
  protected readonly operationHandlers = { GetParameter: () => ({ Parameter: { Value: this.value } }) };
}

export interface TestRequest {
  readonly method?: string;
  readonly resource?: string;
  readonly id?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string[]>>;
  readonly body?: unknown;
  readonly claims?: Readonly<Record<string, string>>;
}

/** Access token of a user, as API Gateway passes its claims on. */
export const claimsOf = (sub: string): Record<string, string> => ({
  sub,
  token_use: 'access',
  client_id: clientId,
  scope: 'aws.cognito.signin.user.admin',
});

/** ServeDocuments with its services in memory. */
export class TestApi {
  readonly dynamodb = new FakeDynamoDB({
    Documents: { partitionKey: 'owner', sortKey: 'documentId' },
    RateLimits: { partitionKey: 'caller' },
    IdempotencyKeys: { partitionKey: 'owner', sortKey: 'idempotencyKey' },
  });
  readonly s3 = new FakeS3({ uploads: 'Enabled' });
  readonly secrets = new FakeSecretsManager();
  readonly parameters = new FakeParameters();
  #handler: LoadedHandler<ApiResponse> | undefined;
  #requests = 0;

  async open(environment: Readonly<Record<string, string>> = {}): Promise<this> {
    const services = [this.dynamodb, this.s3, this.secrets, this.parameters];
    const endpoints = await Promise.all(services.map((service) => service.listen()));
    this.#handler = loadHandler('rest-api/serve-documents', {
      ...Object.assign({}, ...endpoints),
      DOCUMENTS_TABLE_NAME: 'Documents',
      IDEMPOTENCY_KEYS_TABLE_NAME: 'IdempotencyKeys',
      UPLOADS_BUCKET_NAME: 'uploads',
      CURSOR_SECRET_ARN: 'arn:secret',
      USER_POOL_CLIENT_IDS: clientId,
      UPLOAD_HOURS: '24',
      WRITES_PARAMETER_NAME: 'Writes',
      WRITES_CACHE_SECONDS: '30',
      ...environment,
    });
    return this;
  }

  async close(): Promise<void> {
    await Promise.all([this.dynamodb, this.s3, this.secrets, this.parameters].map((service) => service.close()));
  }

  /** Sends a request and returns its answer with the body parsed. */
  async send(request: TestRequest = {}) {
    const {
      method = 'GET',
      resource = '/documents',
      id,
      headers = {},
      query,
      body,
      claims = claimsOf('ada'),
    } = request;
    this.#requests += 1;
    const answer = await this.#handler!({
      httpMethod: method,
      resource,
      pathParameters: id === undefined ? null : { id },
      headers,
      multiValueQueryStringParameters: query ?? null,
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      isBase64Encoded: false,
      requestContext: { requestId: `r-${this.#requests}`, authorizer: { claims } },
    });
    const parsed = (answer.body === '' ? undefined : JSON.parse(answer.body)) as Record<string, unknown>;
    return { status: answer.statusCode, headers: answer.headers, body: parsed };
  }

  create(body: unknown = newDocument, { headers, ...request }: TestRequest = {}) {
    return this.send({ method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body, ...request });
  }

  get(id: string, request: TestRequest = {}) {
    return this.send({ resource: '/documents/{id}', id, ...request });
  }

  patch(id: string, body: unknown, ifMatch: string | undefined, request: TestRequest = {}) {
    const headers = {
      'content-type': 'application/merge-patch+json',
      ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
    };
    return this.send({ method: 'PATCH', resource: '/documents/{id}', id, headers, body, ...request });
  }

  remove(id: string, request: TestRequest = {}) {
    return this.send({ method: 'DELETE', resource: '/documents/{id}', id, ...request });
  }
}

export const newDocument = { title: 'Report', contentType: 'text/plain', bytes: 12, tags: ['reports'] };
