import './unguarded-sharp';
import sharp from 'sharp';
import { animationProblems, transparencyProblems } from '../../../scenarios/image-resize/pixel-checks';
import { animatedPhoto, transparentPhotos } from '../../../scenarios/image-resize/transparent-and-animated-photos';
import { outputVariant } from './decoded';

test('transparent photos are transparent in the middle and opaque at the edge', async () => {
  for (const { bytes } of await transparentPhotos()) {
    expect(await transparencyProblems(await outputVariant(bytes))).toEqual([]);
    const flattened = await sharp(bytes).flatten().webp().toBuffer();
    expect(await transparencyProblems(await outputVariant(flattened))).toHaveLength(1);
  }
});

test.each(['gif', 'webp'] as const)('the animated %s has all frames, each with its own duration', async (format) => {
  const photo = await animatedPhoto(format);
  const metadata = await sharp(photo.bytes, { animated: true }).metadata();
  expect(metadata).toMatchObject({ format, pages: 6, pageHeight: photo.height, delay: [...(photo.frameDelays ?? [])] });
  const kept = await sharp(photo.bytes, { animated: true }).webp({ effort: 0 }).toBuffer();
  expect(animationProblems(photo, await outputVariant(kept))).toEqual([]);
  const still = await sharp(photo.bytes).webp({ effort: 0 }).toBuffer();
  expect(animationProblems(photo, await outputVariant(still))).toHaveLength(1);
});
