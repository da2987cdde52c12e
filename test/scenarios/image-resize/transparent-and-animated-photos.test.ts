import './unguarded-sharp';
import sharp from 'sharp';
import { animationProblems, transparencyProblems } from '../../../scenarios/image-resize/pixel-checks';
import { animatedPhoto, transparentPhotos } from '../../../scenarios/image-resize/transparent-and-animated-photos';
import { madeVariant } from './decoded';

test('transparent photos have a hole in the middle and none at the edge', async () => {
  for (const { bytes } of await transparentPhotos()) {
    expect(await transparencyProblems(await madeVariant(bytes))).toEqual([]);
    const flattened = await sharp(bytes).flatten().webp().toBuffer();
    expect(await transparencyProblems(await madeVariant(flattened))).toHaveLength(1);
  }
});

test.each(['gif', 'webp'] as const)('the animated %s has its frames, each of its own duration', async (format) => {
  const photo = await animatedPhoto(format);
  const metadata = await sharp(photo.bytes, { animated: true }).metadata();
  expect(metadata).toMatchObject({ format, pages: 6, pageHeight: photo.height, delay: [...(photo.frameDelays ?? [])] });
  const kept = await sharp(photo.bytes, { animated: true }).webp({ effort: 0 }).toBuffer();
  expect(animationProblems(photo, await madeVariant(kept))).toEqual([]);
  const still = await sharp(photo.bytes).webp({ effort: 0 }).toBuffer();
  expect(animationProblems(photo, await madeVariant(still))).toHaveLength(1);
});
