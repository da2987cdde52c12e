import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

export interface ArtifactsBucket {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
}

/** SHA-256 and version of an object, of the version if one is given. Needs `s3:GetObject` or `s3:GetObjectVersion`. */
export async function digestOf(
  { client, bucket }: ArtifactsBucket,
  key: string,
  versionId?: string,
): Promise<{ readonly digest: string; readonly versionId: string }> {
  const get = new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId });
  const { Body, VersionId } = await client.send(get);
  if (VersionId === undefined || VersionId === 'null')
    throw new Error(`${bucket} keeps no versions: enable versioning`);
  const hash = createHash('sha256');
  for await (const chunk of Body as Readable) hash.update(chunk as Uint8Array);
  return { digest: hash.digest('hex'), versionId: VersionId };
}

/** Text of an object, of the version if one is given. Needs `s3:GetObject` or `s3:GetObjectVersion`. */
export async function readText({ client, bucket }: ArtifactsBucket, key: string, versionId?: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
  return (await Body?.transformToString()) ?? '';
}

/** Writes an object; returns its version. Needs `s3:PutObject`. */
export async function writeText({ client, bucket }: ArtifactsBucket, key: string, text: string): Promise<string> {
  const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: 'application/json' });
  const { VersionId } = await client.send(put);
  return VersionId ?? '';
}
