import type { IncomingHttpHeaders } from 'node:http';

/** Permission without which a function runs: an action on a bucket, by the bucket's name. */
export interface RemovedPermission {
  readonly action: string;
  readonly bucket: string;
}

export interface S3Request {
  readonly method: string;
  /** Path-style, with its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** Returns whether an object has tags, read with all permissions. */
export type HasTags = (bucket: string, key: string, versionId: string | undefined) => Promise<boolean>;

/**
 * Actions that S3 requires for some requests and the emulator's IAM does not check.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export const stricterActions: readonly string[] = [
  's3:ListBucket',
  's3:GetObjectTagging',
  's3:GetObjectVersionTagging',
  's3:PutObjectTagging',
];

/** Whether S3 denies the request for lack of the permission. */
export async function isRefused(
  request: S3Request,
  { action, bucket }: RemovedPermission,
  hasTags: HasTags,
): Promise<boolean> {
  const { target, query } = placeOf(request.path);
  const source = request.headers['x-amz-copy-source'];
  const isWrite = action === 's3:PutObjectTagging' && target === bucket;
  if (request.method === 'POST' && query.has('uploads')) {
    return isWrite && (request.headers['x-amz-tagging'] ?? '') !== '';
  }
  if (request.method === 'GET' && query.has('tagging')) {
    return target === bucket && action === 's3:GetObjectTagging' && query.has('versionId');
  }
  if (request.method !== 'PUT' || typeof source !== 'string' || query.has('uploadId')) return false;
  const from = sourceOf(source);
  const reading = from.versionId === undefined ? 's3:GetObjectTagging' : 's3:GetObjectVersionTagging';
  const isRequired = isWrite || (action === reading && from.bucket === bucket);
  return isRequired && (await hasTags(from.bucket, from.key, from.versionId));
}

/** Whether S3 answers 403 in place of 404: it does so if the caller may not list the bucket. */
export function isHidden({ method, path }: S3Request, { action, bucket }: RemovedPermission, status: number): boolean {
  const { target, key, query } = placeOf(path);
  const isRead = (method === 'GET' || method === 'HEAD') && key !== '' && !query.has('versionId');
  return action === 's3:ListBucket' && target === bucket && isRead && status === 404;
}

function placeOf(path: string): { target: string; key: string; query: URLSearchParams } {
  const { pathname, searchParams: query } = new URL(path, 'https://s3');
  const [, target = '', ...key] = pathname.split('/');
  return { target, key: key.join('/'), query };
}

function sourceOf(header: string): { bucket: string; key: string; versionId: string | undefined } {
  const { target: bucket, key, query } = placeOf(`/${header.replace(/^\//, '')}`);
  return { bucket, key: decodeURIComponent(key), versionId: query.get('versionId') ?? undefined };
}
