import { checksumOf, md5, type ChecksumAlgorithm } from './s3-checksums';

export type Versioning = 'Off' | 'Enabled' | 'Suspended';

/** One version of an object as S3 keeps it. */
export interface StoredVersion {
  readonly key: string;
  /** `null` where the bucket kept no versions when it was written. */
  readonly versionId: string;
  readonly isDeleteMarker: boolean;
  readonly body: Buffer;
  /** Without quotes. */
  readonly etag: string;
  readonly lastModified: Date;
  /** Headers that S3 gives back, metadata (`x-amz-meta-…`) among them; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly storageClass: string;
  /** Archive tier of INTELLIGENT_TIERING: `ARCHIVE_ACCESS`. */
  readonly archiveStatus?: string;
  /** Back from an archive, for a while. */
  readonly isRestored: boolean;
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>;
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE';
  /** MD5 of the key that the writer encrypted it with (SSE-C). */
  readonly customerKeyMd5?: string;
}

export interface NewObject {
  readonly body?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly storageClass?: string;
  readonly archiveStatus?: string;
  readonly isRestored?: boolean;
  readonly customerKeyMd5?: string;
  readonly etag?: string;
  /** Algorithm, or the checksums themselves; none: an object from before S3 kept any. @default CRC64NVME */
  readonly checksums?: ChecksumAlgorithm | 'none' | StoredVersion['checksums'];
  readonly checksumType?: StoredVersion['checksumType'];
}

/** Versions of a bucket by key, the newest last. */
export class Bucket {
  readonly #versions = new Map<string, StoredVersion[]>();
  #count = 0;

  /** Account that owns it. */
  owner = '123456789012';
  tags: Readonly<Record<string, string>> = {};
  hasObjectLock = false;

  constructor(public versioning: Versioning) {}

  /** All versions in the order of listings: keys by their bytes, the newest version first. */
  get all(): StoredVersion[] {
    const keys = [...this.#versions.keys()].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    return keys.flatMap((key) => this.versions(key).toReversed());
  }

  versions(key: string): readonly StoredVersion[] {
    return this.#versions.get(key) ?? [];
  }

  /** The newest version, a delete marker too, or the one that is named. */
  find(key: string, versionId?: string): StoredVersion | undefined {
    const versions = this.versions(key);
    return versionId === undefined ? versions.at(-1) : versions.find((one) => one.versionId === versionId);
  }

  /** The newest version, unless it is a delete marker. */
  current(key: string): StoredVersion | undefined {
    const newest = this.find(key);
    return newest?.isDeleteMarker === true ? undefined : newest;
  }

  put(key: string, object: NewObject): StoredVersion {
    const body = Buffer.from(object.body ?? '');
    const metadata = Object.entries(object.metadata ?? {}).map(([name, value]) => [`x-amz-meta-${name}`, value]);
    const { checksums = 'CRC64NVME' } = object;
    return this.#add({
      key,
      isDeleteMarker: false,
      body,
      etag: object.etag ?? md5(body),
      headers: { ...object.headers, ...(Object.fromEntries(metadata) as Record<string, string>) },
      tags: object.tags ?? {},
      storageClass: object.storageClass ?? 'STANDARD',
      isRestored: object.isRestored ?? false,
      checksums: typeof checksums === 'object' ? checksums : sums(checksums, body),
      checksumType: object.checksumType ?? 'FULL_OBJECT',
      ...(object.archiveStatus === undefined ? {} : { archiveStatus: object.archiveStatus }),
      ...(object.customerKeyMd5 === undefined ? {} : { customerKeyMd5: object.customerKeyMd5 }),
    });
  }

  /** Deletes as a request without a version does: a bucket with versions gets a delete marker, which is returned. */
  delete(key: string): StoredVersion | undefined {
    if (this.versioning === 'Off') {
      this.#versions.delete(key);
      return undefined;
    }
    const nothing = { body: Buffer.alloc(0), etag: '', headers: {}, tags: {}, checksums: {} };
    const marker = { ...nothing, key, isDeleteMarker: true, storageClass: 'STANDARD', isRestored: false };
    return this.#add({ ...marker, checksumType: 'FULL_OBJECT' });
  }

  /** Deletes one version for good, and returns it. */
  deleteVersion(key: string, versionId: string): StoredVersion | undefined {
    const found = this.find(key, versionId);
    this.#set(
      key,
      this.versions(key).filter((one) => one !== found),
    );
    return found;
  }

  setTags(version: StoredVersion, tags: Readonly<Record<string, string>>): void {
    this.#set(
      version.key,
      this.versions(version.key).map((one) => (one === version ? { ...one, tags } : one)),
    );
  }

  #add(object: Omit<StoredVersion, 'versionId' | 'lastModified'>): StoredVersion {
    const versionId = this.versioning === 'Enabled' ? `v${++this.#count}` : 'null';
    const version = { ...object, versionId, lastModified: new Date() };
    const others = this.versions(object.key).filter((one) => one.versionId !== versionId);
    this.#set(object.key, [...others, version]);
    return version;
  }

  #set(key: string, versions: readonly StoredVersion[]): void {
    if (versions.length === 0) this.#versions.delete(key);
    else this.#versions.set(key, [...versions]);
  }
}

function sums(algorithm: ChecksumAlgorithm | 'none', body: Buffer): StoredVersion['checksums'] {
  return algorithm === 'none' ? {} : { [algorithm]: checksumOf(algorithm, body) };
}
