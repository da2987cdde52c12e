import { classifyDecodeError, renderError } from '../../../lambda/image-resize/photo-errors';

test.each([
  'vips_tracked: out of memory --- size == 400MB',
  'heif: Memory allocation error',
  'unable to create thread',
  'timeout: 42% complete',
  'unable to open tile\ntoo many open files',
])('%j is retried', (message) => {
  expect(classifyDecodeError(new Error(message))).toMatchObject({ name: 'ResizeFailed' });
});

test.each([
  'VipsJpeg: premature end of JPEG image',
  'vipspng: libpng read error',
  'Input buffer has corrupt header: gifload_buffer: Unexpected end of GIF',
  'webp: unable to parse image',
  'tiff2vips: Quantization table 0x00 was not defined',
])('%j rejects the photo, in words that name no software', (message) => {
  const failure = classifyDecodeError(new Error(message));
  expect(failure).toMatchObject({ name: 'RejectedPhoto', reason: 'corrupt' });
  expect(failure.message).not.toMatch(/vips|png|gif|webp|tiff/i);
});

test('an error after decoding is retried, and its message is one line', () => {
  const failure = renderError(new Error('webpsave:\n  encoder failed\n'));
  expect(failure).toMatchObject({
    name: 'ResizeFailed',
    message: 'the photo could not be resized: webpsave:; encoder failed',
  });
});
