import './unguarded-sharp';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import type { Manifest } from '../../../lambda/image-resize/manifest';
import type { Variant } from '../../../lambda/image-resize/variants';
import type { Deployment } from '../../../scenarios/image-resize/deployment';
import type { Photo } from '../../../scenarios/image-resize/photo';
import { orientedCards } from '../../../scenarios/image-resize/test-card';
import { checkVariants } from '../../../scenarios/image-resize/variant-checks';
import { RecordedRun } from '../../../tools/scenario-runner/recorded-run';
import { silentProgress } from '../../tools/scenario-runner/test-environment';

const settings: Variant = { name: 'thumbnail', width: 200, height: 200, fit: 'inside', format: 'webp', quality: 90 };
const cacheControl = 'public, max-age=31536000';

interface Outcome {
  readonly resize?: (image: Sharp) => Sharp;
  readonly headers?: Partial<GetObjectCommandOutput>;
  readonly entry?: Partial<Manifest['variants'][number]>;
  readonly source?: Partial<Manifest['source']> & { width?: number };
}

let sideways: Photo;
beforeAll(async () => {
  const [, , , , , card] = await orientedCards();
  if (card === undefined) throw new Error('no card of orientation 6');
  sideways = card;
});

const upright = (image: Sharp): Sharp => image.autoOrient().resize(200, 200, { fit: 'inside' }).webp({ quality: 90 });

/** Checks a photo of orientation 6 with this variant; returns the assertion that failed. */
async function failedAssertion({ resize = upright, headers, entry, source }: Outcome): Promise<string | undefined> {
  const photo = sideways;
  const bytes = await resize(sharp(photo.bytes)).toBuffer();
  const { width, height } = await sharp(bytes).metadata();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const key = 'card.jpg/thumbnail.webp';
  const variant = {
    name: 'thumbnail',
    key,
    width,
    height,
    bytes: bytes.length,
    sha256,
    contentType: 'image/webp',
    ...entry,
  };
  const { format, width: displayedWidth, height: displayedHeight } = photo;
  const described = { key: 'card.jpg', versionId: '1', etag: 'e', size: photo.bytes.length, format };
  const manifest: Manifest = {
    status: 'resized',
    source: { ...described, width: displayedWidth, height: displayedHeight, ...source },
    configHash: '0'.repeat(64),
    variants: [variant],
  };
  const response = {
    ContentType: 'image/webp',
    CacheControl: cacheControl,
    ...headers,
    Body: { transformToByteArray: async () => bytes },
  };
  const deployment = {
    s3: { send: async () => response },
    variants: [settings],
    cacheControl,
  } as unknown as Deployment;
  const run = new RecordedRun({
    ...{ slug: 'sample', outputs: {}, runId: 's1', random: () => 0 },
    progress: silentProgress().progress.check('sample', 'smoke-test', 'it works'),
    signal: new AbortController().signal,
  });
  await checkVariants(run, deployment, photo, manifest).catch(() => undefined);
  return run.assertions.find(({ passed }) => !passed)?.assertion.replace(`${photo.title}: `, '');
}

test('a correct variant passes', async () => {
  expect(await failedAssertion({})).toBeUndefined();
});

test.each<[string, Outcome, string]>([
  ['rotated', { resize: (p) => p.resize(200, 200, { fit: 'inside' }).webp() }, 'every variant has its size, upright'],
  ['mirrored', { resize: (p) => upright(p).flop() }, 'each corner has its color'],
  ['enlarged', { resize: (p) => p.autoOrient().resize(1_200).webp() }, 'every variant has its size, upright'],
  ['recolored', { resize: (p) => upright(p).modulate({ hue: 40 }) }, 'each corner has its color'],
  ['with its metadata', { resize: (p) => upright(p).keepExif() }, 'no metadata is left'],
  ['in Display P3', { resize: (p) => upright(p).withIccProfile('p3') }, 'no metadata is left, colors are sRGB'],
  ['without Cache-Control', { headers: { CacheControl: undefined } }, 'Content-Type and Cache-Control'],
  [
    'as application/octet-stream',
    { headers: { ContentType: 'application/octet-stream' } },
    'Content-Type and Cache-Control',
  ],
  ['with another digest', { entry: { sha256: '0'.repeat(64) } }, 'bytes and SHA-256'],
  ['listed with the size as stored', { source: { width: 400, height: 600 } }, 'the manifest describes'],
])('a photo whose variant is %s fails', async (_, outcome, assertion) => {
  expect(await failedAssertion(outcome)).toContain(assertion);
});
