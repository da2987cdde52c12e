import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { isXmlText } from '../shared/xml-text';
import { manifestSchema, type Manifest } from './manifest';
import type { OutputMetadata, OutputObject, OutputStore } from './stores';
import { StorageFailed, undefinedIfAbsent } from './s3-errors';
import type { BucketAccess } from './s3-photos';
import { sha256 } from './variants';

/** Attempts at a deletion that S3 answered with an error for a single key. */
const deletionAttempts = 3;

/** The output bucket. Needs `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject` and, so that absence is 404, `s3:ListBucket`. */
export class S3OutputStore implements OutputStore {
  constructor(
    private readonly access: BucketAccess,
    private readonly cacheControl: string,
  ) {}

  async readManifest(key: string): Promise<Manifest | undefined> {
    const { client, bucket, signal } = this.access;
    const request = new GetObjectCommand({ Bucket: bucket, Key: key });
    const object = await undefinedIfAbsent(client.send(request, { abortSignal: signal }));
    return parseManifest(await object?.Body?.transformToString());
  }

  async readMetadata(key: string): Promise<Partial<OutputMetadata> | undefined> {
    const { client, bucket, signal } = this.access;
    const request = new HeadObjectCommand({ Bucket: bucket, Key: key });
    const head = await undefinedIfAbsent(client.send(request, { abortSignal: signal }));
    if (!head) return undefined;
    const { 'source-version': sourceVersion, 'config-hash': configHash } = head.Metadata ?? {};
    return { ...(sourceVersion !== undefined && { sourceVersion }), ...(configHash !== undefined && { configHash }) };
  }

  async write(object: OutputObject, metadata: OutputMetadata): Promise<void> {
    await this.put(object, metadata, this.cacheControl);
  }

  async writeManifest(key: string, manifest: Manifest): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(manifest, null, 2));
    const object = { key, bytes, contentType: 'application/json', sha256: sha256(bytes) };
    const metadata = { sourceVersion: manifest.source.versionId, configHash: manifest.configHash };
    // A manifest changes with its photo: every reader must see the newest.
    await this.put(object, metadata, 'no-cache');
  }

  async remove(keys: readonly string[]): Promise<void> {
    await this.removeTogether(keys.filter(isXmlText));
    const { client, bucket, signal } = this.access;
    for (const key of keys.filter((one) => !isXmlText(one))) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
    }
  }

  private async removeTogether(keys: readonly string[]): Promise<void> {
    const { client, bucket, signal } = this.access;
    let left = [...keys];
    for (let attempt = 1; left.length > 0; attempt++) {
      const Delete = { Objects: left.map((Key) => ({ Key })), Quiet: true };
      const request = new DeleteObjectsCommand({ Bucket: bucket, Delete });
      const { Errors = [] } = await client.send(request, { abortSignal: signal });
      left = Errors.flatMap(({ Key }) => Key ?? []);
      if (Errors.length > 0 && (attempt === deletionAttempts || left.length === 0)) {
        throw new StorageFailed(`${Errors.length} objects were not deleted (${Errors[0]?.Code ?? 'no code'})`);
      }
    }
  }

  private async put(object: OutputObject, metadata: OutputMetadata, cacheControl: string): Promise<void> {
    const { client, bucket, signal } = this.access;
    const request = new PutObjectCommand({
      Bucket: bucket,
      Key: object.key,
      Body: object.bytes,
      ContentType: object.contentType,
      CacheControl: cacheControl,
      ChecksumSHA256: Buffer.from(object.sha256, 'hex').toString('base64'),
      // ASCII only, as S3 requires of metadata: never a key.
      Metadata: { 'source-version': metadata.sourceVersion, 'config-hash': metadata.configHash },
    });
    await client.send(request, { abortSignal: signal });
  }
}

function parseManifest(text: string | undefined): Manifest | undefined {
  if (text === undefined) return undefined;
  try {
    return manifestSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
