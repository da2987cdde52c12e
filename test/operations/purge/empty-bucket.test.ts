import { S3Client } from '@aws-sdk/client-s3';
import { emptyBucket, measureBucket } from '../../../operations/purge/empty-bucket';
import { FakeS3 } from '../../fakes/fake-s3';
import { remove } from '../../fakes/s3-operations';
import { s3Refusal } from '../../fakes/s3-responses';

const owner = '123456789012';

function bucketOf(versions: number, pageSize = 100): { fake: FakeS3; s3: S3Client } {
  const fake = new FakeS3({ photos: 'Enabled' }, { pageSize });
  for (let index = 0; index < versions; index++) fake.put('photos', `photo ${index % 40}`, 'ten bytes.');
  return { fake, s3: new S3Client(fake.clientConfig) };
}

it('counts versions, delete markers and bytes over all pages', async () => {
  const { fake, s3 } = bucketOf(250);
  remove(fake.bucket('photos'), 'photo 1', undefined);
  expect(await measureBucket({ s3, bucket: 'photos', owner })).toEqual({ entries: 251, bytes: 2_500 });
});

it('deletes every version and delete marker, page by page', async () => {
  const { fake, s3 } = bucketOf(250);
  remove(fake.bucket('photos'), 'photo 1', undefined);
  const progress: number[] = [];
  expect(await emptyBucket({ s3, bucket: 'photos', owner, onProgress: (count) => progress.push(count) })).toBe(251);
  expect(fake.bucket('photos').all).toEqual([]);
  expect(progress.length).toBeGreaterThan(2);
});

it('deletes keys that XML cannot carry, and keys with blanks and plus signs', async () => {
  const { fake, s3 } = bucketOf(0);
  const keys = ['a\u0001b', 'a b+c', 'ü%20', 'line\nfeed', 'return\r'];
  for (const key of keys) fake.put('photos', key);
  await emptyBucket({ s3, bucket: 'photos', owner });
  expect(fake.bucket('photos').all).toEqual([]);
  expect(fake.operations.filter((one) => one === 'DeleteObject')).toHaveLength(1);
});

it('deletes what arrives meanwhile, as access logs do', async () => {
  const { fake, s3 } = bucketOf(10);
  let arrivals = 3;
  fake.after = ({ operation }) => {
    if (operation === 'DeleteObjects' && arrivals-- > 0) fake.put('photos', `log ${arrivals}`);
    return undefined;
  };
  expect(await emptyBucket({ s3, bucket: 'photos', owner })).toBe(13);
  expect(fake.bucket('photos').all).toEqual([]);
});

it('ends with the reason of S3 when nothing can be deleted', async () => {
  const { fake, s3 } = bucketOf(1);
  const body = '<DeleteResult><Error><Code>AccessDenied</Code><Message>MFA needed</Message></Error></DeleteResult>';
  fake.before = ({ operation }) =>
    operation === 'DeleteObjects' ? { status: 200, headers: { 'content-type': 'application/xml' }, body } : undefined;
  await expect(emptyBucket({ s3, bucket: 'photos', owner })).rejects.toThrow(
    'photos is not empty: AccessDenied: MFA needed',
  );
  expect(fake.operations.filter((one) => one === 'DeleteObjects')).toHaveLength(1);
});

it('touches no bucket of another account, and stops at the signal', async () => {
  const { fake, s3 } = bucketOf(5);
  await expect(emptyBucket({ s3, bucket: 'photos', owner: '999999999999' })).rejects.toThrow('AccessDenied');
  await expect(emptyBucket({ s3, bucket: 'photos', owner, signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  expect(fake.bucket('photos').all).toHaveLength(5);
});

it('has a bounded number of requests in flight', async () => {
  const { fake, s3 } = bucketOf(400, 10);
  let [inFlight, most] = [0, 0];
  fake.before = async ({ operation }) => {
    if (operation !== 'DeleteObjects') return undefined;
    most = Math.max(most, ++inFlight);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inFlight--;
    return s3Refusal('SlowDown', 503);
  };
  await emptyBucket({ s3, bucket: 'photos', owner }).catch(() => undefined);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(8);
});
