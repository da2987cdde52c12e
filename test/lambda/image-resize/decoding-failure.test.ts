import { decodingFailure, resizeFailure } from '../../../lambda/image-resize/decoding-failure';

test.each([
  'vips_tracked: out of memory --- size == 400MB',
  'heif: Memory allocation error',
  'unable to create thread',
  'timeout: 42% complete',
  'unable to open tile\ntoo many open files',
])('%j is tried again', (message) => {
  expect(decodingFailure(new Error(message))).toMatchObject({ name: 'ResizeFailed' });
});

test.each([
  'VipsJpeg: premature end of JPEG image',
  'vipspng: libpng read error',
  'Input buffer has corrupt header: gifload_buffer: Unexpected end of GIF',
  'webp: unable to parse image',
  'tiff2vips: Quantization table 0x00 was not defined',
])('%j is the photo, and none of it is told', (message) => {
  const failure = decodingFailure(new Error(message));
  expect(failure).toMatchObject({ name: 'RejectedPhoto', reason: 'corrupt' });
  expect(failure.message).not.toMatch(/vips|png|gif|webp|tiff/i);
});

test('what goes wrong after decoding is tried again, in one line that says what', () => {
  const failure = resizeFailure(new Error('webpsave:\n  encoder failed\n'));
  expect(failure).toMatchObject({
    name: 'ResizeFailed',
    message: 'the photo could not be resized: webpsave:; encoder failed',
  });
});
