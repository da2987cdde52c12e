import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RejectedPhoto } from '../../../lambda/image-resize/photo-errors';
import { renderPhoto } from '../../../lambda/image-resize/render';
import type { Variant } from '../../../lambda/image-resize/variants';
import { animation, green, quarters, red } from './photos';
import { filled, tiffFile } from './tiff-file';

const variants: Variant[] = [
  { name: 'still', width: 30, height: 30, fit: 'inside', format: 'jpeg', quality: 80 },
  { name: 'moving', width: 30, height: 30, fit: 'inside', format: 'webp', quality: 80 },
];
const settings = { variants, watermarks: new Map(), limits: { maximumBytes: 1_000_000, maximumPixels: 1_000_000 } };

let photos: Buffer[];
beforeAll(async () => {
  const fixture = (name: string): Buffer => readFileSync(join(__dirname, 'fixtures', name));
  photos = [
    await quarters(60, 40).jpeg().toBuffer(),
    await quarters(60, 40).jpeg({ progressive: true }).toBuffer(),
    await quarters(60, 40, 4).png().toBuffer(),
    await quarters(60, 40, 4).webp().toBuffer(),
    await quarters(60, 40, 4).avif({ effort: 0 }).toBuffer(),
    await quarters(60, 40).tiff({ compression: 'lzw' }).toBuffer(),
    await quarters(60, 40).tiff({ compression: 'jpeg', tile: true }).toBuffer(),
    await animation([red, green], [100, 100], 0),
    await animation([red, green], [100, 100], 0, 'webp'),
    tiffFile(filled([1, 2, 3, 4, 5]), { samples: 5, bits: [8, 8, 8, 8, 8], extraSamples: [0, 2] }),
    fixture('animated.avif'),
    fixture('premultiplied.avif'),
    fixture('arithmetic.jpg'),
  ];
});

/** A byte to change, after the first ones, which tell the format: its place in thousandths of the file. */
const change = fc.record({
  place: fc.integer({ min: 0, max: 999 }),
  value: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)),
});

test('a photo with changed bytes is resized or rejected, and never retried', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(1_000), fc.array(change, { minLength: 1, maxLength: 4 }), async (index, changes) => {
      const bytes = Buffer.from(photos[index % photos.length] ?? []);
      for (const { place, value } of changes) bytes[8 + Math.floor(((bytes.length - 8) * place) / 1_000)] = value;
      const error = await renderPhoto(bytes, settings, 60_000).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      const { name, reason } = (error ?? { name: 'RejectedPhoto', reason: 'none' }) as RejectedPhoto;
      expect(name).toBe('RejectedPhoto');
      expect(reason).not.toBe('not-processable');
    }),
    { numRuns: 200 },
  );
});
