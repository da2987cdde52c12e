import fc from 'fast-check';
import { selectChannels, unpremultiply } from '../../../lambda/image-resize/pixels';

const pixels = (channels: number, ...data: number[]) => ({
  data: Buffer.from(data),
  width: data.length / channels,
  height: 1,
  channels,
});

test('the selected channels of every pixel are kept, in their order', () => {
  const selected = selectChannels(pixels(5, 1, 2, 3, 4, 5, 11, 12, 13, 14, 15), [0, 1, 2, 4]);
  expect({ ...selected, data: [...selected.data] }).toEqual({
    data: [1, 2, 3, 5, 11, 12, 13, 15],
    width: 2,
    height: 1,
    channels: 4,
  });
});

test('colors are divided by alpha, and a transparent pixel stays as it is', () => {
  const image = pixels(4, 100, 50, 25, 128, 10, 20, 30, 255, 0, 0, 0, 0);
  unpremultiply(image);
  expect([...image.data]).toEqual([199, 100, 50, 128, 10, 20, 30, 255, 0, 0, 0, 0]);
});

test('dividing undoes multiplying within the precision that is left', () => {
  fc.assert(
    fc.property(fc.nat(255), fc.integer({ min: 1, max: 255 }), (color, alpha) => {
      const image = pixels(4, Math.round((color * alpha) / 255), 0, 0, alpha);
      unpremultiply(image);
      expect(Math.abs((image.data[0] ?? 0) - color)).toBeLessThanOrEqual(255 / alpha / 2 + 1);
    }),
  );
});
