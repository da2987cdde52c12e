import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageResizeSettings } from '../../../lib/image-resize/image-resize-settings';
import { captureOutput } from '../../fakes/captured-output';
import { FakeS3 } from '../../fakes/fake-s3';
import { lambdaContext, loadHandler } from '../../fakes/load-handler';
import { quarters } from './photos';

interface Usage {
  readonly each: Readonly<Record<'Upload' | 'Resized', { readonly reads: number; readonly writes: number }>>;
}

test('the usage profile counts the requests that a resize makes', async () => {
  const s3 = new FakeS3({ uploads: 'Enabled', resized: 'Enabled' });
  captureOutput();
  const { variants } = imageResizeSettings.parse({});
  const handler = loadHandler('image-resize/resize-image', {
    ...(await s3.listen()),
    RESIZED_BUCKET_NAME: 'resized',
    VARIANTS: JSON.stringify(variants),
    MAXIMUM_BYTES: '1000000',
    MAXIMUM_PIXELS: '1000000',
    CACHE_CONTROL: 'public, max-age=60',
    NOT_FOUND_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/not-found',
    NOT_FOUND_RETRY_SECONDS: '150',
  });
  s3.put('uploads', 'a.jpg', await quarters(400, 300).jpeg().toBuffer());
  const record = { eventSource: 'aws:s3', s3: { bucket: { name: 'uploads' }, object: { key: 'a.jpg' } } };
  await handler({ Records: [record] }, lambdaContext(60_000));
  await s3.close();
  jest.restoreAllMocks();

  const count = (bucket: string) => {
    const own = s3.requests.filter(({ path }) => path.startsWith(`/${bucket}/`));
    const reads = own.filter(({ method }) => method === 'GET' || method === 'HEAD').length;
    return { reads, writes: own.length - reads };
  };
  const file = join(__dirname, '../../../lib/image-resize/usage.json');
  const { Upload, Resized } = (JSON.parse(readFileSync(file, 'utf8')) as Usage).each;
  // The upload of the photo itself is a write, too.
  expect(Upload).toMatchObject({ reads: count('uploads').reads, writes: count('uploads').writes + 1 });
  expect(Resized).toMatchObject(count('resized'));
});
