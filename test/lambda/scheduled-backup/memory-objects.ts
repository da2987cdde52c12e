import { createHash } from 'node:crypto';
import type { Checksum } from '../../../lambda/scheduled-backup/manifest';
import type { Head, Headers, Objects, Place, Tags } from '../../../lambda/scheduled-backup/objects';

interface Version {
  readonly versionId: string;
  readonly bytes: string;
  readonly head: Head;
  readonly tags: Tags;
}

export interface NewObject {
  readonly bytes?: string;
  readonly tags?: Tags;
  readonly metadata?: Record<string, string>;
  readonly headers?: Headers;
  readonly archived?: boolean;
  /** S3 keeps no checksum of it. */
  readonly unsummed?: boolean;
}

/** Objects with versions in memory. */
export class MemoryObjects implements Objects {
  readonly copies: string[] = [];
  readonly read: string[] = [];
  readonly inParts: string[] = [];
  /** Called before each copy: what happens in the meantime. */
  meanwhile: (from: Place, to: Place) => void = () => undefined;
  readonly #versions = new Map<string, Version[]>();
  #count = 0;

  put(bucket: string, key: string, object: NewObject = {}): string {
    const { bytes = `bytes of ${key}`, tags = {}, metadata = {}, headers = {}, archived = false } = object;
    const versionId = `v${++this.#count}`;
    const value = createHash('sha256').update(bytes).digest('hex');
    const checksums: Checksum[] = object.unsummed === true ? [] : [{ algorithm: 'SHA256', value }];
    const etag = object.unsummed === true ? `etag-${versionId}` : `etag-${value}`;
    const storageClass = archived ? 'GLACIER' : 'STANDARD';
    const head = { versionId, etag, size: bytes.length, storageClass, archived, checksums, headers, metadata };
    this.#of({ bucket, key }).push({ versionId, bytes, head, tags });
    return versionId;
  }

  remove(place: Place): void {
    const versions = this.#of(place);
    versions.splice(
      0,
      versions.length,
      ...versions.filter(({ versionId }) => place.versionId !== undefined && versionId !== place.versionId),
    );
  }

  bytes(place: Place): string | undefined {
    return this.#find(place)?.bytes;
  }

  async head(place: Place): Promise<Head | undefined> {
    return this.#find(place)?.head;
  }

  async tags(place: Place): Promise<Tags> {
    return this.#find(place)?.tags ?? {};
  }

  async copy(from: Place, head: Head, to: Place): Promise<string | undefined> {
    this.meanwhile(from, to);
    this.copies.push(to.key);
    const source = this.#find(from);
    if (source === undefined) throw Object.assign(new Error('gone'), { name: 'NoSuchVersion' });
    if (source.head.etag !== head.etag) throw Object.assign(new Error('changed'), { name: 'PreconditionFailed' });
    const { bytes, tags } = source;
    const { metadata, headers, checksums } = source.head;
    return this.put(to.bucket, to.key, { bytes, tags, metadata, headers, unsummed: checksums.length === 0 });
  }

  async copyInParts(from: Place, head: Head, tags: Tags, to: Place): Promise<string | undefined> {
    this.inParts.push(to.key);
    const { bytes = '' } = this.#find(from) ?? {};
    const { metadata, headers } = head;
    return this.put(to.bucket, to.key, { bytes, tags, metadata, headers, unsummed: true });
  }

  async readSha256(place: Place): Promise<string> {
    this.read.push(place.key);
    return createHash('sha256')
      .update(this.#find(place)?.bytes ?? '')
      .digest('hex');
  }

  versions(place: Place): readonly string[] {
    return this.#of(place).map(({ versionId }) => versionId);
  }

  #of({ bucket, key }: Place): Version[] {
    const name = `${bucket}\n${key}`;
    const versions = this.#versions.get(name) ?? [];
    this.#versions.set(name, versions);
    return versions;
  }

  #find(place: Place): Version | undefined {
    const versions = this.#of(place);
    return place.versionId === undefined ? versions.at(-1) : versions.find((one) => one.versionId === place.versionId);
  }
}
