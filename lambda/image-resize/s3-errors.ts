import { S3ServiceException } from '@aws-sdk/client-s3';

/** Thrown where S3 answered, but not with what was asked for; another attempt can succeed. */
export class StorageFailed extends Error {
  override readonly name = 'StorageFailed';
}

/** Returns undefined where S3 says that there is no such object or version. */
export async function undefinedIfAbsent<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw named(error);
  }
}

/** S3 answers 404 to HEAD without an error code; to GET it answers NoSuchKey or NoSuchVersion. */
export function isAbsence(error: unknown): boolean {
  // A missing bucket is a 404 too, and does not mean that its photos were deleted.
  return error instanceof Error && ['NotFound', 'NoSuchKey', 'NoSuchVersion'].includes(error.name);
}

/** The answer to HEAD has no body, so the SDK names every refusal `UnknownError`; only the status tells them apart. */
export function named(error: unknown): unknown {
  if (!(error instanceof S3ServiceException) || error.message !== 'UnknownError') return error;
  return new StorageFailed(`S3 answered HEAD with status ${error.$metadata.httpStatusCode}`, { cause: error });
}

/** HTTP status of a refusal by S3. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}
