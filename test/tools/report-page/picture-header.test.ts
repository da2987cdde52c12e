import sharp, { type Sharp } from 'sharp';
import { readPictureHeader } from '../../../tools/report-page/picture-header';

const [width, height] = [37, 23];
const plain = (): Sharp => sharp({ create: { width, height, channels: 3, background: '#336699' } });

describe('the header of a picture', () => {
  it.each<[string, string, (picture: Sharp) => Sharp]>([
    ['a JPEG', 'image/jpeg', (picture) => picture.jpeg()],
    ['a progressive JPEG', 'image/jpeg', (picture) => picture.jpeg({ progressive: true }).withMetadata()],
    ['a PNG', 'image/png', (picture) => picture.png()],
    ['a lossy WebP', 'image/webp', (picture) => picture.webp()],
    ['a lossless WebP', 'image/webp', (picture) => picture.webp({ lossless: true })],
    ['a WebP with metadata', 'image/webp', (picture) => picture.withMetadata().webp()],
    ['an AVIF', 'image/avif', (picture) => picture.avif({ effort: 0 })],
    ['a GIF', 'image/gif', (picture) => picture.gif()],
  ])('of %s gives its type and size', async (_kind, contentType, encode) => {
    const bytes = await encode(plain()).toBuffer();
    expect(readPictureHeader(bytes)).toEqual({ contentType, width, height, animated: false });
  });

  it('of a JPEG whose tables come first gives the size of its frame', () => {
    const tables = 'ffc400070000000000';
    const frame = 'ffc0000b080017002501011100';
    const bytes = Buffer.from(`ffd8${tables}${frame}`, 'hex');
    expect(readPictureHeader(bytes)).toMatchObject({ width, height });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('gives the size as displayed for EXIF orientation %i', async (orientation) => {
    const bytes = await plain().withMetadata({ orientation }).jpeg().toBuffer();
    const displayed = orientation < 5 ? { width, height } : { width: height, height: width };
    expect(readPictureHeader(bytes)).toMatchObject(displayed);
  });

  it.each<['webp' | 'gif']>([['webp'], ['gif']])('of an animated %s says so', async (format) => {
    const colors = ['#ff0000', '#00ff00', '#0000ff'];
    const frames = await Promise.all(
      colors.map((background) =>
        sharp({ create: { width, height, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const bytes = await sharp(frames, { join: { animated: true } })
      .toFormat(format)
      .toBuffer();
    expect(readPictureHeader(bytes)).toMatchObject({ width, height, animated: true });
  });

  it('is undefined for truncated, empty and other files', async () => {
    for (const picture of [plain().jpeg(), plain().png(), plain().webp(), plain().gif(), plain().avif({ effort: 0 })]) {
      const bytes = await picture.toBuffer();
      for (let length = 0; length < 8; length += 1)
        expect(readPictureHeader(bytes.subarray(0, length))).toBeUndefined();
    }
    for (const text of ['<svg/>', 'GIF', 'RIFF....WEBPVP8Q', '....ftypheic....', '\xff\xd8\xff\xe0', '\xff\xd8...'])
      expect(readPictureHeader(Buffer.from(text, 'latin1'))).toBeUndefined();
  });
});
