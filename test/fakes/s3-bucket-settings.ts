import type { FakeResponse } from './fake-service';
import type { Bucket } from './s3-bucket';
import { S3Refusal, xmlResponse } from './s3-responses';
import { element, escaped } from './s3-xml';

/** Answers GetBucketTagging. */
export function bucketTags({ tags }: Bucket): FakeResponse {
  const all = Object.entries(tags).map(([key, value]) =>
    element('Tag', element('Key', escaped(key)), element('Value', escaped(value))),
  );
  if (all.length === 0) throw new S3Refusal('NoSuchTagSet', 404);
  return xmlResponse(element('Tagging', element('TagSet', ...all)));
}

/** Answers GetObjectLockConfiguration. */
export function objectLock({ hasObjectLock }: Bucket): FakeResponse {
  if (!hasObjectLock) throw new S3Refusal('ObjectLockConfigurationNotFoundError', 404);
  return xmlResponse(element('ObjectLockConfiguration', element('ObjectLockEnabled', 'Enabled')));
}
