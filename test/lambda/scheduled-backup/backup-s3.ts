import { S3Client } from '@aws-sdk/client-s3';
import type { S3Access } from '../../../lambda/scheduled-backup/adapters/s3-objects';
import type { TextStore } from '../../../lambda/scheduled-backup/adapters/s3-text-store';
import { FakeS3, type S3Options } from '../../fakes/fake-s3';
import type { FakeResponse } from '../../fakes/fake-service';
import type { NewObject } from '../../fakes/s3-bucket';
import { placeOf } from '../../fakes/s3-requests';
import { s3Refusal } from '../../fakes/s3-responses';

export const day = '2026-11-21';

const { signal } = new AbortController();

export const unlimitedTime = { hasTimeLeft: () => true, signal, recordSignal: signal };

/** Object from before S3 kept checksums, uploaded in parts, so that not even its ETag is that of a copy. */
export function legacy(key: string): NewObject {
  return { checksums: 'none', etag: `${Buffer.from(key).toString('hex')}-3` };
}

type Intercept = (operation: string, key: string) => unknown;

/** Buckets of a stack in memory, with what tests ask of them. */
export class BackupS3 extends FakeS3 {
  readonly access: S3Access = { client: new S3Client(this.clientConfig), signal };

  constructor(options: S3Options = {}) {
    super(
      { source: 'Enabled', backup: 'Enabled', journal: 'Enabled', another: 'Enabled' },
      { smallestPartBytes: 1, ...options },
    );
  }

  store(bucket: string): TextStore {
    return { ...this.access, bucket };
  }

  /** Puts an object whose bytes are `bytes of <key>` by default, and returns its version. */
  override put(bucket: string, key: string, object: NewObject = {}): string {
    return super.put(bucket, key, { body: `bytes of ${key}`, ...object });
  }

  /** Lets a run hold the lock. */
  giveLock(run: string): void {
    this.put('journal', 'lock.json', { body: JSON.stringify({ run, execution: `arn:${run}`, day }) });
  }

  /** Removes one version for good, or all of them. */
  remove(bucket: string, key: string, versionId?: string): void {
    const versions = this.bucket(bucket).versions(key);
    for (const version of versions) {
      if (versionId === undefined || version.versionId === versionId)
        this.bucket(bucket).deleteVersion(key, version.versionId);
    }
  }

  /** Deletes the current version, which leaves a delete marker. */
  deleteCurrent(bucket: string, key: string): void {
    this.bucket(bucket).delete(key);
  }

  tags(bucket: string, key: string): Readonly<Record<string, string>> | undefined {
    return this.object(bucket, key)?.tags;
  }

  metadata(bucket: string, key: string): Record<string, string> {
    const headers = Object.entries(this.object(bucket, key)?.headers ?? {});
    const metadata = headers.filter(([name]) => name.startsWith('x-amz-meta-'));
    return Object.fromEntries(metadata.map(([name, value]) => [name.slice('x-amz-meta-'.length), value]));
  }

  /** Keys of the requests of an operation, in order. */
  requested(operation: string): string[] {
    return this.requests.filter((one) => one.operation === operation).map(({ path }) => placeOf(path).key);
  }

  /** Calls back before each request; a response that is returned is S3's answer. */
  intercept(callback: Intercept): void {
    this.before = ({ operation, path }) => {
      const response = callback(operation, placeOf(path).key);
      return typeof response === 'object' ? (response as FakeResponse) : undefined;
    };
  }

  /** Refuses the requests of an operation for keys that end so. */
  refuse(operation: string, ending: string, [code, status]: readonly [string, number] = ['AccessDenied', 403]): void {
    this.intercept((name, key) => (name === operation && key.endsWith(ending) ? s3Refusal(code, status) : undefined));
  }
}

/** Environment of every function of the stack. */
export const environment = {
  SOURCE_BUCKET_NAME: 'source',
  BACKUP_BUCKET_NAME: 'backup',
  JOURNAL_BUCKET_NAME: 'journal',
  TIME_ZONE: 'UTC',
  RETENTION_DAYS: '35',
  OBJECTS_AT_ONCE: '1',
  PART_ENTRIES: '10',
  MULTIPART_THRESHOLD_BYTES: '1000000',
  POWERTOOLS_SERVICE_NAME: 'scheduled-backup',
};
