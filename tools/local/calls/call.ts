/** API operation that a function called, with the resources that it named. */
export interface Call {
  /** By its name in a signature: `s3`, `dynamodb`, `states`. */
  readonly service: string;
  /** By its SDK name: `PutObject`, `TransactWriteItems`. */
  readonly operation: string;
  /** Physical names of buckets, tables, queues, topics or state machines; empty where the call names none. */
  readonly resources: readonly string[];
}

/** Request to AWS as recorded. */
export interface Request {
  readonly service: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Empty where it was a stream. */
  readonly body: string;
}

/** API calls of a request: one, except for a transaction, whose items need their own actions. */
export function callsOf(request: Request): Call[] {
  if (request.service === 's3') return [s3Call(request)];
  const { service } = request;
  const target = header(request, 'x-amz-target');
  if (target !== undefined) return jsonCalls(service, target.replace(/^.*\./, ''), parse(request.body));
  if (request.body.startsWith('Action=') || request.body.includes('&Action=')) {
    const form = new URLSearchParams(request.body);
    const named = form.get('TopicArn') ?? form.get('QueueUrl') ?? form.get('RoleArn');
    return [{ service, operation: form.get('Action') ?? '', resources: named === null ? [] : [nameOf(named)] }];
  }
  return [restCall(request)];
}

/** Marks a read of a missing object: S3 then requires s3:ListBucket too. A denied read may be one. */
export function asMissing(call: Call): Call {
  const isRead = call.service === 's3' && /^(Get|Head)Object$/.test(call.operation);
  return isRead ? { ...call, operation: call.operation.replace('Object', 'MissingObject') } : call;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html, path-style. */
function s3Call({ method, path, headers }: Request): Call {
  const { pathname, searchParams } = new URL(path, 'https://s3');
  const [, bucket = '', ...key] = pathname.split('/');
  const source = headers['x-amz-copy-source'];
  if (bucket === '') return { service: 's3', operation: method === 'GET' ? 'ListBuckets' : method, resources: [] };
  const resources = [bucket, ...(typeof source === 'string' ? [source.replace(/^\//, '').split('/')[0] ?? ''] : [])];
  const operation = key.join('') === '' ? ofBucket(method, searchParams) : ofObject(method, searchParams, source);
  return { service: 's3', operation, resources };
}

function ofBucket(method: string, query: URLSearchParams): string {
  if (query.has('tagging')) return `${method === 'PUT' ? 'Put' : 'Get'}BucketTagging`;
  if (method === 'GET') return query.has('versions') ? 'ListObjectVersions' : 'ListObjectsV2';
  if (method === 'HEAD') return 'HeadBucket';
  if (method === 'POST' && query.has('delete')) return 'DeleteObjects';
  return `${method} bucket`;
}

function ofObject(method: string, query: URLSearchParams, source: unknown): string {
  const verb = { GET: 'Get', HEAD: 'Head', PUT: 'Put', DELETE: 'Delete', POST: 'Post' }[method] ?? method;
  const version = query.has('versionId') ? 'Version' : '';
  if (query.has('tagging')) return `${verb}Object${version}Tagging`;
  if (query.has('uploads')) return 'CreateMultipartUpload';
  if (query.has('uploadId')) {
    if (method === 'POST') return 'CompleteMultipartUpload';
    if (method === 'DELETE') return 'AbortMultipartUpload';
    if (method === 'GET') return 'ListParts';
    return source === undefined ? 'UploadPart' : `UploadPartCopy${versionIn(source)}`;
  }
  if (source !== undefined) return `CopyObject${versionIn(source)}`;
  return `${verb}Object${method === 'GET' || method === 'HEAD' ? version : ''}`;
}

/** A copy of a version needs the action for reading versions. */
function versionIn(source: unknown): string {
  return String(source).includes('?versionId=') ? 'Version' : '';
}

type Body = Readonly<Record<string, unknown>>;

function jsonCalls(service: string, operation: string, body: Body): Call[] {
  const parts = body['TransactItems'];
  if (operation === 'TransactWriteItems' && Array.isArray(parts)) {
    return parts.flatMap((part: Record<string, { TableName?: string }>) =>
      Object.entries(part).map(([kind, { TableName = '' }]) => ({
        service,
        operation: kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`,
        resources: [TableName],
      })),
    );
  }
  if (service === 'codebuild') return [{ service, operation, resources: projectsIn(body) }];
  // Signed as `tagging`; its actions and their resources are those of IAM.
  if (service === 'tagging') return [{ service: 'tag', operation, resources: textsIn(body['ResourceARNList']) }];
  return [{ service, operation, resources: namedIn(body) }];
}

/**
 * Names of the projects that a request to CodeBuild is about. A build is named after its project:
 * https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html
 */
export function projectsIn({ projectName, id, ids = [] }: Body): string[] {
  const named = textsIn([projectName, id, ...textsIn(ids)]);
  return [...new Set(named.map((one) => one.replace(/^arn:.*:build\//, '').replace(/:.*$/, '')))];
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

const naming = [
  'TableName',
  'QueueUrl',
  'stateMachineArn',
  'executionArn',
  'TopicArn',
  'SecretId',
  'EventBusName',
  'StreamName',
] as const;

function namedIn(body: Body): string[] {
  const items = body['RequestItems'];
  if (typeof items === 'object' && items !== null) return Object.keys(items);
  const entries = body['Entries'];
  if (Array.isArray(entries) && body['QueueUrl'] === undefined) return [...new Set(entries.flatMap(namedIn))];
  const name = naming.map((key) => body[key]).find((value) => typeof value === 'string');
  return name === undefined ? [] : [nameOf(name)];
}

/** Call to Lambda or SES, whose path names the operation. */
function restCall({ service, method, path }: Request): Call {
  const { pathname } = new URL(path, 'https://service');
  const invoked = /\/functions\/([^/]+)\/invocations$/.exec(pathname)?.[1];
  if (invoked !== undefined) return { service, operation: 'Invoke', resources: [nameOf(decodeURIComponent(invoked))] };
  const schedule = /^\/schedules\/([^/]+)$/.exec(pathname)?.[1];
  if (service === 'scheduler' && schedule !== undefined) {
    const operation = { POST: 'CreateSchedule', PUT: 'UpdateSchedule', DELETE: 'DeleteSchedule' }[method];
    if (operation !== undefined) return { service, operation, resources: [schedule] };
  }
  if (pathname === '/v2/email/outbound-emails') return { service, operation: 'SendEmail', resources: [] };
  return { service, operation: `${method} ${pathname}`, resources: [] };
}

/**
 * Name at the end of an ARN or URL, or the name itself; for an execution the name of its state machine, for a secret without the six
 * characters that Secrets Manager adds: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
 */
function nameOf(text: string): string {
  const [, named] = /:execution:([^:]+):/.exec(text) ?? /:secret:(.+)-[^-]{6}$/.exec(text) ?? [];
  if (named !== undefined) return named;
  return text.replace(/^.*[:/]/, '');
}

function header({ headers }: Request, name: string): string | undefined {
  const value = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}

function parse(body: string): Body {
  try {
    return (JSON.parse(body) ?? {}) as Body;
  } catch {
    return {};
  }
}
