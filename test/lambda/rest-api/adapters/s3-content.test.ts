import { createContentClient, downloadLink, uploadLink } from '../../../../lambda/rest-api/adapters/s3-content';
import { createDocument } from '../../../../lambda/rest-api/document';
import { newDocument } from '../test-api';

const now = new Date('2026-01-01T00:00:00Z');
Object.assign(process.env, { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
const bucket = { client: createContentClient(), bucketName: 'uploads', now: () => now };
const record = createDocument('ada', newDocument, { now, randomBytes: new Uint8Array(16) }, 1);

it('signs size, type and the condition of the upload, and no checksum of an empty body', async () => {
  const { method, url, headers, expiresAt } = await uploadLink(bucket, record);
  const query = new URL(url).searchParams;
  expect(query.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host;if-none-match');
  expect(query.get('X-Amz-Expires')).toBe('900');
  expect([...query.keys()].filter((name) => /checksum/i.test(name))).toEqual([]);
  expect({ method, headers, expiresAt }).toEqual({
    method: 'PUT',
    headers: { 'content-length': '12', 'content-type': 'text/plain', 'if-none-match': '*' },
    expiresAt: '2026-01-01T00:15:00.000Z',
  });
});

it('has a download saved, never shown', async () => {
  const { url } = await downloadLink(bucket, record);
  expect(new URL(url).searchParams.get('response-content-disposition')).toBe('attachment');
});
