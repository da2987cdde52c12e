import type { TextStore } from '../../../lambda/scheduled-backup/adapters/s3-text-store';
import type { FakeS3 } from './fake-s3';

export const day = '2026-11-21';

const { signal } = new AbortController();

/** Access to a fake S3, as a handler gives it to a core. */
export function accessTo(s3: FakeS3) {
  return { client: s3.client as never, signal };
}

export function storeIn(s3: FakeS3, bucket: string): TextStore {
  return { ...accessTo(s3), bucket };
}

/** Lets a run hold the lock. */
export function giveLock(s3: FakeS3, run: string): void {
  s3.put('journal', 'lock.json', { body: JSON.stringify({ run, execution: `arn:${run}`, day }) });
}

export const unlimitedTime = { hasTimeLeft: () => true, signal };
