import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createS3Client } from '../../shared/s3-client';
import { contentKeyOf, linkSeconds, type DocumentRecord } from '../document';
import type { Link } from '../schemas';

/**
 * Makes the client for content and its links. It adds no checksum: that of a link would be that of the empty body with which
 * the link is signed, and S3 would refuse every upload.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
 */
export function createContentClient(): S3Client {
  const client = createS3Client();
  client.config.requestChecksumCalculation = () => Promise.resolve('WHEN_REQUIRED');
  return client;
}

export interface ContentBucket {
  readonly client: S3Client;
  readonly bucketName: string;
  readonly now: () => Date;
}

/**
 * Makes the link for the upload, for exactly the promised size and type, and for the first upload only. Needs `s3:PutObject`
 * when the link is used.
 *
 * S3 refuses a request without the signed headers, or with other values:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export async function uploadLink({ client, bucketName, now }: ContentBucket, record: DocumentRecord): Promise<Link> {
  const { bytes, contentType } = record;
  const headers = { 'content-length': String(bytes), 'content-type': contentType, 'if-none-match': '*' };
  const command = new PutObjectCommand({
    Bucket: bucketName,
    Key: contentKeyOf(record),
    ContentLength: bytes,
    ContentType: contentType,
    IfNoneMatch: '*',
  });
  const signed = new Set(Object.keys(headers));
  const url = await getSignedUrl(client, command, {
    expiresIn: linkSeconds,
    signableHeaders: new Set([...signed, 'host']),
    unhoistableHeaders: signed,
  });
  return { method: 'PUT', url, headers, expiresAt: expiry(now()) };
}

/** Makes the link for the download, which is saved and never shown as a page. Needs `s3:GetObject` when it is used. */
export async function downloadLink({ client, bucketName, now }: ContentBucket, record: DocumentRecord): Promise<Link> {
  const command = new GetObjectCommand({
    Bucket: bucketName,
    Key: contentKeyOf(record),
    // A page of somebody's upload would run its scripts in the origin of the bucket.
    ResponseContentDisposition: 'attachment',
  });
  const url = await getSignedUrl(client, command, { expiresIn: linkSeconds });
  return { method: 'GET', url, headers: {}, expiresAt: expiry(now()) };
}

/** Deletes the content of a document, if there is any. Needs `s3:DeleteObject`. */
export async function deleteContent(
  { client, bucketName }: Pick<ContentBucket, 'client' | 'bucketName'>,
  id: Pick<DocumentRecord, 'owner' | 'id'>,
): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: bucketName, Key: contentKeyOf(id) }));
}

function expiry(now: Date): string {
  return new Date(now.getTime() + linkSeconds * 1_000).toISOString();
}
