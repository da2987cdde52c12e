import { join } from 'node:path';
import { readSettings } from '../../../lambda/image-resize/settings';

const assets = join(__dirname, '../../../lambda/image-resize/assets');
const watermark = { image: 'watermark.png', gravity: 'southeast', scale: 0.2, opacity: 0.5 };
const variants = [
  { name: 'small', width: 10, fit: 'inside', format: 'webp', quality: 80 },
  { name: 'preview', width: 10, fit: 'inside', format: 'webp', quality: 80, watermark },
];
const environment = {
  RESIZED_BUCKET_NAME: 'resized',
  VARIANTS: JSON.stringify(variants),
  MAXIMUM_BYTES: '52428800',
  MAXIMUM_PIXELS: '50000000',
  CACHE_CONTROL: 'public, max-age=60',
  NOT_FOUND_QUEUE_URL: 'https://sqs/not-found',
  NOT_FOUND_RETRY_SECONDS: '0',
};

test("the stack's environment is read into settings, with the watermark images", () => {
  const settings = readSettings(environment, assets);
  expect(settings).toMatchObject({
    scope: { outputBucket: 'resized', outputPrefix: '' },
    render: { variants, limits: { maximumBytes: 52_428_800, maximumPixels: 50_000_000 } },
    cacheControl: 'public, max-age=60',
    notFoundQueueUrl: 'https://sqs/not-found',
    notFoundRetrySeconds: 0,
  });
  expect([...settings.render.watermarks.keys()]).toEqual(['watermark.png']);
});

test('each invalid variable is named with its value', () => {
  const wrong = { ...environment, MAXIMUM_BYTES: 'many', VARIANTS: '[', CACHE_CONTROL: undefined };
  expect(() => readSettings(wrong, assets)).toThrow(
    'wrong environment of the function: VARIANTS is "[", MAXIMUM_BYTES is "many", CACHE_CONTROL is not set',
  );
});
