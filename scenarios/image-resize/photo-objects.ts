import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type GetObjectCommandOutput,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { manifestSchema, type Manifest } from '../../lambda/image-resize/manifest';
import { keysUnder } from '../shared/s3-keys';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';
import { manifestKey, outputKey } from './keys';

/** An uploaded version of a photo. */
export interface Upload {
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
  readonly size: number;
}

/** Properties of an object beside its content. */
export type Stored = Pick<
  PutObjectCommandInput,
  'StorageClass' | 'SSECustomerAlgorithm' | 'SSECustomerKey' | 'SSECustomerKeyMD5'
>;

export async function upload(
  to: Deployment,
  key: string,
  bytes: Buffer,
  contentType?: string,
  stored: Stored = {},
): Promise<Upload> {
  const { VersionId, ETag } = await to.s3.send(
    new PutObjectCommand({
      Bucket: to.uploadBucket,
      Key: key,
      Body: bytes,
      ...stored,
      ...(contentType === undefined ? {} : { ContentType: contentType }),
    }),
  );
  if (VersionId === undefined || ETag === undefined) {
    throw new Error(`bucket ${to.uploadBucket} returned no version for ${JSON.stringify(key)}: turn versioning on`);
  }
  return { key, versionId: VersionId, etag: ETag, size: bytes.length };
}

/** Waits for the manifest of exactly this version. */
export function manifestOf(run: ScenarioRun, of: Deployment, { key, versionId }: Upload): Promise<Manifest> {
  return run.eventually(`the manifest of ${JSON.stringify(key)}, version ${versionId}`, async () => {
    const manifest = await readManifest(of, key);
    return manifest?.source.versionId === versionId ? manifest : undefined;
  });
}

export async function readManifest(of: Deployment, key: string): Promise<Manifest | undefined> {
  const object = await download(of, manifestKey(of, key));
  return object === undefined ? undefined : manifestSchema.parse(JSON.parse(object.bytes.toString('utf8')));
}

/** Returns an output with its headers, or undefined if there is none. */
export async function download(
  from: Deployment,
  key: string,
): Promise<{ bytes: Buffer; response: GetObjectCommandOutput } | undefined> {
  try {
    const response = await from.s3.send(new GetObjectCommand({ Bucket: from.resizedBucket, Key: key }));
    return { bytes: Buffer.from((await response.Body?.transformToByteArray()) ?? []), response };
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** Returns the source's current version, or undefined if it is deleted. */
export async function currentVersion(of: Deployment, key: string): Promise<string | undefined> {
  try {
    return (await of.s3.send(new HeadObjectCommand({ Bucket: of.uploadBucket, Key: key }))).VersionId;
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFound') return undefined;
    throw error;
  }
}

export async function deleteSource(of: Deployment, key: string, versionId?: string): Promise<void> {
  const version = versionId === undefined ? {} : { VersionId: versionId };
  await of.s3.send(new DeleteObjectCommand({ Bucket: of.uploadBucket, Key: key, ...version }));
}

/** Returns the keys of this source's outputs, without those of another source whose key starts with its key. */
export async function outputKeys(of: Deployment, key: string): Promise<string[]> {
  const prefix = outputKey(of, key, '');
  const found = await keysUnder(of.s3, of.resizedBucket, prefix);
  return found.filter((output) => !output.slice(prefix.length).includes('/'));
}

/** Returns every version and delete marker of this source's outputs, as text: equal lists mean that nothing was written. */
export async function outputVersions(of: Deployment, key: string): Promise<string[]> {
  const prefix = outputKey(of, key, '');
  const listed = await of.s3.send(new ListObjectVersionsCommand({ Bucket: of.resizedBucket, Prefix: prefix }));
  return [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])]
    .filter(({ Key }) => Key?.startsWith(prefix) === true && !Key.slice(prefix.length).includes('/'))
    .map(({ Key, VersionId }) => `${Key ?? ''} ${VersionId ?? ''}`)
    .toSorted();
}
