import { classifyDecodeError, classifyRenderError, RejectedPhoto } from '../../../lambda/image-resize/photo-errors';

/** Messages as libvips 8.18 and its decoders write them. */
const exhausted = [
  'vips_tracked: out of memory --- size == 400MB',
  'heif: Memory allocation error: Unspecified (6.0)',
  'unable to create thread',
  'vips_threadset: error creating thread: Resource temporarily unavailable',
  'timeout: 42% complete',
  'unable to open tile\ntoo many open files',
];

const unsupported = [
  'tiff2vips: LZMA compression support is not configured\ntiff2vips: LZMA compression support is not configured',
  'tiff2vips: Old-style JPEG compression support is not configured\ntiff2vips: Sorry, requested compression method is not configured',
  'tiff2vips: Compression scheme 34712 strip decoding is not implemented',
  'tiff2vips: tiled separate planes not supported',
  'tiff2vips: subsampled images not supported',
  'tiff2vips: 5 bits per sample palette image not supported',
  'tiff2vips: unsupported tiff image type\n',
  'Input buffer has corrupt header: tiff2vips: samples_per_pixel not a whole number of bytes',
  'Input buffer has corrupt header: image: bad labq format\n\nimage: bad labq format',
  "vips_colourspace: no known route from 'multiband' to 'srgb'",
  'Input image exceeds channel limit',
  'VipsJpeg: Unsupported JPEG data precision 12',
  'VipsJpeg: Unsupported JPEG process: SOF type 0xcb',
  'heif: Unsupported feature: Unsupported codec (4.3000)',
  'Input buffer has corrupt header: heif: Unsupported feature: Unsupported data version: meta box data version 3',
];

const damaged = [
  'Input buffer contains unsupported image format',
  'Input buffer has corrupt header:',
  'VipsJpeg: premature end of JPEG image',
  'VipsJpeg: Corrupt JPEG data: premature end of data segment\nVipsJpeg: Bogus Huffman table definition',
  'VipsJpeg: Corrupt JPEG data: 12 extraneous bytes before marker 0xda',
  'VipsJpeg: Unsupported marker type 0x5a',
  'VipsJpeg: Quantization table 0x00 was not defined',
  'vipspng: libpng read error',
  'webp: unable to parse image',
  'webp2vips: unable to read pixels',
  'webp: bad image dimensions',
  'Input buffer has corrupt header: gifload_buffer: Unexpected end of GIF source data',
  'gifload_buffer: Invalid frame data',
  'gifload_buffer: no frames in GIF',
  'tiff2vips: Quantization table 0x00 was not defined',
  'tiff2vips: Not enough data at scanline 0 (short 120 bytes)',
  'tiff2vips: Using code not yet in table',
  'tiff2vips: Decoding error at scanline 3, incorrect data check',
  'Input buffer has corrupt header: tiff2vips: required field 262 missing',
  'Input buffer has corrupt header: tiff2vips: samples out of range',
  'Input buffer has corrupt header: tiff2vips: tile size out of range',
  'Input buffer has corrupt header: tiff2vips: width/height out of range',
  // Files that claim too much, whatever the memory.
  'tiff2vips: Failed to allocate memory for to read TIFF directory (65281 elements of 12 bytes each)',
  'Input buffer has corrupt header: heif: Memory allocation error: Security limit exceeded: iloc box contains 65538 items',
  'heif: Invalid input: Security limit exceeded: ipma box wants to define properties',
  'source: bad seek to 589\nheif: Invalid input: Unexpected end of file (2.100)',
  'Unknown error',
];

test.each(exhausted)('%j is retried', (message) => {
  for (const classify of [classifyDecodeError, classifyRenderError]) {
    expect(classify(new Error(message))).toMatchObject({ name: 'ResizeFailed' });
  }
});

test.each(unsupported)('%j is an encoding that is not supported', (message) => {
  expect(classifyDecodeError(new Error(message))).toMatchObject({
    name: 'RejectedPhoto',
    reason: 'unsupported-encoding',
  });
});

test.each(damaged)('%j is a damaged file', (message) => {
  expect(classifyDecodeError(new Error(message))).toMatchObject({ name: 'RejectedPhoto', reason: 'corrupt' });
});

test.each([...unsupported, ...damaged])('the sentence about %j names no software, but its cause is kept', (message) => {
  const error = new Error(message);
  const rejection = classifyDecodeError(error);
  expect(rejection.message).not.toMatch(/vips|libpng|gifload|webp|tiff|heif|sharp/i);
  expect(rejection.cause).toBe(error);
});

test.each([
  'webpsave:\n  encoder failed\n',
  'Expected width, height and channels for raw pixel input',
  'Expected integer(s) between 0 and 65535 for delay but received 655350 of type object',
  'heifsave: Encoder plugin generated an error: Invalid parameter value (9.0)',
])('%j after decoding is neither the fault of the photo nor retried', (message) => {
  const error = new Error(message);
  expect(classifyRenderError(error)).toMatchObject({ name: 'RejectedPhoto', reason: 'not-processable', cause: error });
});

test.each([
  'webpsave_buffer: unable to encode',
  'Expected integer(s) between 0 and 65535 for delay but received 655350 of type object',
])('%j is no fault of the photo where decoding and encoding are one step', (message) => {
  expect(classifyDecodeError(new Error(message))).toMatchObject({ reason: 'not-processable' });
});

test('a rejection is passed on as it is', () => {
  const rejection = new RejectedPhoto('empty', 'The file is empty.');
  expect(classifyDecodeError(rejection)).toBe(rejection);
});

test('the message of a retry is one line', () => {
  const error = new Error('vips_tracked: out of memory\nvips_tracked: out of memory');
  expect(classifyRenderError(error).message).toBe(
    'the photo could not be resized: vips_tracked: out of memory; vips_tracked: out of memory',
  );
});
