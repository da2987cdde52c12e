import fc from 'fast-check';
import { layOut } from '../../../lambda/image-resize/geometry';

const side = fc.integer({ min: 1, max: 60_000 });
const bound = fc.integer({ min: 1, max: 16_383 });
const photo = fc.record({ width: side, height: side });
const bounds = fc.record({ width: bound, height: bound });

test('a variant never exceeds its bounds, and a photo is never enlarged', () => {
  fc.assert(
    fc.property(photo, bounds, fc.constantFrom('inside', 'cover', 'contain'), (size, within, fit) => {
      const { scale, photo: part, canvas } = layOut(size, { ...within, fit });
      expect(scale).toBeLessThanOrEqual(1);
      for (const each of ['width', 'height'] as const) {
        expect(part[each]).toBeGreaterThanOrEqual(1);
        expect(part[each]).toBeLessThanOrEqual(canvas[each]);
        expect(part[each]).toBeLessThanOrEqual(size[each]);
        expect(canvas[each]).toBeLessThanOrEqual(within[each]);
      }
    }),
  );
});

test('inside keeps the aspect ratio to the pixel', () => {
  fc.assert(
    fc.property(photo, bounds, (size, within) => {
      const { scale, canvas } = layOut(size, { ...within, fit: 'inside' });
      expect(Math.abs(canvas.width - Math.max(1, size.width * scale))).toBeLessThanOrEqual(0.5);
      expect(Math.abs(canvas.height - Math.max(1, size.height * scale))).toBeLessThanOrEqual(0.5);
      const touches = canvas.width === within.width || canvas.height === within.height || scale === 1;
      expect(touches).toBe(true);
    }),
  );
});

test('cover keeps the aspect ratio of the bounds, for a smaller photo too', () => {
  expect(layOut({ width: 4_000, height: 3_000 }, { width: 200, height: 200, fit: 'cover' }).canvas).toEqual({
    width: 200,
    height: 200,
  });
  expect(layOut({ width: 100, height: 3_000 }, { width: 200, height: 200, fit: 'cover' }).canvas).toEqual({
    width: 100,
    height: 100,
  });
  expect(layOut({ width: 300, height: 300 }, { width: 800, height: 400, fit: 'cover' }).canvas).toEqual({
    width: 300,
    height: 150,
  });
});

test('contain is exactly its bounds', () => {
  fc.assert(
    fc.property(photo, bounds, (size, within) => {
      expect(layOut(size, { ...within, fit: 'contain' }).canvas).toEqual(within);
    }),
  );
});

test('an open side follows the other', () => {
  expect(layOut({ width: 4_000, height: 3_000 }, { width: 400, fit: 'inside' }).canvas).toEqual({
    width: 400,
    height: 300,
  });
  expect(layOut({ width: 4_000, height: 3_000 }, { height: 300, fit: 'inside' }).canvas).toEqual({
    width: 400,
    height: 300,
  });
});
