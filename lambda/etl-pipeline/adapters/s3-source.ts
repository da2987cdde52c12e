import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3';
import { repeatRead } from '../../shared/repeat-read';
import { FileRefusedError } from '../errors';

/** One version of an uploaded file, and the client that reads it. */
export interface Source {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
  readonly key: string;
  /** @default the current version */
  readonly versionId?: string;
  readonly signal: AbortSignal;
}

export interface SourceHead {
  readonly versionId: string;
  readonly bytes: number;
  readonly uploadedAt: Date;
}

/** Returns undefined if the version is gone. Needs `s3:GetObject` or `s3:GetObjectVersion`, and `s3:ListBucket`. */
export async function headSource({ client, signal, ...source }: Source): Promise<SourceHead | undefined> {
  try {
    const { VersionId, ContentLength, LastModified } = await client.send(new HeadObjectCommand(versionOf(source)), {
      abortSignal: signal,
    });
    if (VersionId === undefined || VersionId === 'null') throw new Error(`bucket ${source.bucket} is not versioned`);
    return { versionId: VersionId, bytes: ContentLength ?? 0, uploadedAt: LastModified ?? new Date(0) };
  } catch (error) {
    // 405: the version is a delete marker.
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === 404 || status === 405) return undefined;
    throw error;
  }
}

/** Bytes of one request: few enough to be held twice, many enough to make requests rare. */
const rangeBytes = 8 * 1_024 ** 2;

/**
 * Reads a file from a byte on, in ranges, the next of which is on its way while one is worked on.
 *
 * A range is read to its end before it is handed on: a stream that is held back for as long as its rows are written would reach the
 * socket's timeout, and one that breaks would have to be continued.
 */
export async function* readSource(source: Source, bytes: number, from = 0): AsyncGenerator<Buffer> {
  let next = from < bytes ? readRange(source, from, bytes) : undefined;
  for (let at = from; next !== undefined; at += rangeBytes) {
    const block: Buffer = await next;
    const following = at + rangeBytes;
    next = following < bytes ? readRange(source, following, bytes) : undefined;
    // Its error is thrown where it is awaited.
    next?.catch(() => undefined);
    yield block;
  }
}

async function readRange({ client, signal, ...source }: Source, from: number, bytes: number): Promise<Buffer> {
  const end = Math.min(from + rangeBytes, bytes);
  const Range = `bytes=${from}-${end - 1}`;
  const read = async (): Promise<Buffer> => {
    const get = new GetObjectCommand({ ...versionOf(source), Range });
    const { Body, ContentRange } = await client.send(get, { abortSignal: signal });
    const body = Buffer.from((await Body?.transformToByteArray()) ?? []);
    // A server may ignore the range and send everything, as the emulator does for versions: rows would count twice.
    // https://www.rfc-editor.org/rfc/rfc9110#section-14.2
    return ContentRange === undefined ? body.subarray(from, end) : body;
  };
  try {
    return await repeatRead(read, signal);
  } catch (error) {
    if (isGone(error)) throw new FileRefusedError('the version of the file was deleted before it was read');
    if (isArchived(error))
      throw new FileRefusedError('it is in an archive of S3: restore this version, then replay it');
    throw error;
  }
}

/** Without `s3:ListBucket` it would be a 403: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
function isGone(error: unknown): boolean {
  return isNamed(error, 'NoSuchKey', 'NoSuchVersion');
}

/**
 * Glacier, Deep Archive, or an archive tier of Intelligent-Tiering; the storage class alone does not say it, since a version may be
 * restored. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
function isArchived(error: unknown): boolean {
  return isNamed(error, 'InvalidObjectState', 'ObjectNotInActiveTierError');
}

function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof S3ServiceException && names.includes(error.name);
}

/** Largest object that S3 copies in one request. */
const maximumCopyBytes = 5 * 1_024 ** 3;

/**
 * Copies a file into another folder of its bucket; returns false for one that is too large for it, archived or gone. Needs
 * `s3:PutObject` too.
 *
 * Without tags and annotations: S3 copies both by default, which takes permissions to read and to write them.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export async function copySource(source: Source, bytes: number, targetKey: string): Promise<boolean> {
  const { client, signal, bucket, key, versionId } = source;
  if (bytes > maximumCopyBytes) return false;
  const path = [bucket, ...key.split('/')].map(encodeURIComponent).join('/');
  const CopySource = versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;
  const copy = new CopyObjectCommand({
    Bucket: bucket,
    Key: targetKey,
    CopySource,
    TaggingDirective: 'REPLACE',
    AnnotationDirective: 'EXCLUDE',
  });
  try {
    await client.send(copy, { abortSignal: signal });
  } catch (error) {
    if (isGone(error) || isArchived(error)) return false;
    throw error;
  }
  return true;
}

function versionOf({ bucket, key, versionId }: Pick<Source, 'bucket' | 'key' | 'versionId'>) {
  return { Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) };
}
