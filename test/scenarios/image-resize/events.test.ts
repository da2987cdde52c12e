import './unguarded-sharp';
import type { Deployment } from '../../../scenarios/image-resize/deployment';
import { s3Event } from '../../../scenarios/image-resize/events';
import { oddNames } from '../../../scenarios/image-resize/odd-keys';

const deployment = { uploadBucket: 'photos' } as Deployment;

function keyInEvent(key: string): string {
  const { Records } = s3Event(deployment, 'ObjectCreated:Put', [{ key, versionId: 'v', etag: '"e"', size: 1 }]);
  return (Records[0] as { s3: { object: { key: string } } }).s3.object.key;
}

test('keys are encoded as S3 encodes them in events', () => {
  expect(keyInEvent('a/b c+d%20.jpg')).toBe('a/b+c%2Bd%2520.jpg');
});

test.each(oddNames)('%j is unchanged after encoding and decoding', (name) => {
  expect(decodeURIComponent(keyInEvent(name).replaceAll('+', ' '))).toBe(name);
});

test('an ETag has no quotes, and deletions have no ETag', () => {
  const upload = { key: 'a', versionId: 'v', etag: '"e"', size: 7 };
  expect(s3Event(deployment, 'ObjectCreated:Put', [upload]).Records[0]).toHaveProperty('s3.object.eTag', 'e');
  expect(s3Event(deployment, 'ObjectRemoved:Delete', [upload]).Records[0]).not.toHaveProperty('s3.object.eTag');
});
