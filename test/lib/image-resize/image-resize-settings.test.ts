import fc from 'fast-check';
import { loadSettings } from '../../../lib/config';
import { imageResizeSettings } from '../../../lib/image-resize/image-resize-settings';

const load = (settings: unknown) => loadSettings({ 'image-resize': settings }, 'image-resize', imageResizeSettings);

it('the defaults are complete', () => {
  const values = Object.values(load({}));
  expect(values.length).toBeGreaterThan(5);
  expect(values).not.toContain(undefined);
});

/** Characters that a prefix may contain. */
const keyText = fc.stringMatching(/^[a-zA-Z0-9_/!.'()-]{0,20}$/);

it('output that would be resized again is refused for any prefixes', () => {
  fc.assert(
    fc.property(keyText, keyText, (one, more) => {
      const pairs = [
        [one, one + more],
        [one + more, one],
      ];
      for (const [input, output] of pairs) {
        expect(() => load({ input: { prefix: input }, output: { bucket: 'upload', prefix: output } })).toThrow(
          /overlaps/,
        );
      }
    }),
  );
});

it('one bucket with two separate prefixes is accepted', () => {
  expect(() => load({ input: { prefix: 'in/' }, output: { bucket: 'upload', prefix: 'out/' } })).not.toThrow();
});

it.each([
  [
    { retryAttempts: 2, timeoutSeconds: 60, maximumEventAgeSeconds: 60 },
    /maximumEventAgeSeconds: received 60: use at least 360: 2 retries of 60 s each, which Lambda begins/,
  ],
  [{ timeoutSeconds: 900, maximumEventAgeSeconds: 2_039 }, /maximumEventAgeSeconds: .*use at least 2040/],
  [{ retryAttempts: 1, timeoutSeconds: 60, maximumEventAgeSeconds: 179 }, /maximumEventAgeSeconds: .*use at least 180/],
  // In a policy this would allow the whole bucket, the input of the function too.
  [
    { output: { bucket: 'upload', prefix: '*' }, input: { prefix: 'in/' } },
    /output.prefix: received "\*": use letters/,
  ],
  [{ output: { prefix: 'a?/' } }, /output.prefix: received "a\?\/": use letters/],
  [{ input: { prefix: '${aws:userid}/' } }, /input.prefix: .*: use letters/],
  // S3 compares a filter with the encoded key.
  [{ input: { prefix: 'my photos/' } }, /input.prefix: received "my photos\/": use letters/],
  // Every photo would fail at the header.
  [{ output: { cacheControl: 'public\nx: y' } }, /output.cacheControl: received "public\\nx: y": use a header/],
  [
    { memoryMegabytes: 1_024, maximumPixels: 50_000_000, maximumBytes: 52_428_800 },
    /memoryMegabytes: received 1024: use at least 1505 for maximumPixels and maximumBytes/,
  ],
  [{ variants: [] }, /variants: received \[\]/],
  [
    {
      variants: [
        {
          name: 'a',
          width: 10,
          fit: 'inside',
          format: 'webp',
          quality: 80,
          watermark: { image: 'none.png', gravity: 'centre', scale: 1, opacity: 1 },
        },
      ],
    },
    /variants.0.watermark.image: received "none.png": put the file into lambda\/image-resize\/assets/,
  ],
])('%j is refused', (settings, message) => {
  expect(() => load(settings)).toThrow(message);
});

it('an event age that leaves time for all retries is accepted', () => {
  expect(() => load({ timeoutSeconds: 900, maximumEventAgeSeconds: 2_040 })).not.toThrow();
  expect(() => load({ retryAttempts: 1, maximumEventAgeSeconds: 180 })).not.toThrow();
  expect(() => load({ retryAttempts: 0, maximumEventAgeSeconds: 60 })).not.toThrow();
});
