import './unguarded-sharp';
import sharp from 'sharp';
import { rejectionReasons } from '../../../lambda/image-resize/manifest';
import { badFiles, bombs, tooLargeFile, type BadFile } from '../../../scenarios/image-resize/bad-files';

const files: BadFile[] = [];
beforeAll(async () => {
  files.push(...(await badFiles()), ...(await bombs()));
});

function named(name: string): Buffer {
  const file = files.find((one) => one.name === name);
  if (file === undefined) throw new Error(`no bad file is called ${name}`);
  return file.bytes;
}

/** Reads the header without a limit on pixels, as the function must never decode. */
const header = async (name: string) => sharp(named(name), { limitInputPixels: false, animated: true }).metadata();

test('files have distinct names, and cover every reason that a file can have', async () => {
  const all = [...files, await tooLargeFile(1_000_000)];
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  const others = ['archived', 'customer-key', 'not-processable'];
  const caused = rejectionReasons.filter((reason) => !others.includes(reason));
  expect(new Set(all.map(({ reason }) => reason))).toEqual(new Set(caused));
});

test.each(['truncated.jpg', 'truncated.png', 'truncated.webp', 'header-only.png'])(
  '%s starts like its format and cannot be decoded',
  async (name) => {
    const bytes = named(name);
    const magic = { jpg: 'ffd8ff', png: '89504e47', webp: '52494646' }[name.split('.')[1] ?? ''] ?? '?';
    expect(bytes.subarray(0, 4).toString('hex').startsWith(magic)).toBe(true);
    await expect(sharp(bytes).raw().toBuffer()).rejects.toThrow();
  },
);

test.each(['drawing.png', 'drawing.svg'])('%s is an SVG that sharp decodes by default', async (name) => {
  expect(await header(name)).toMatchObject({ format: 'svg' });
});

test.each(['text.jpg', 'page.png', 'document.pdf'])('%s is not an image', async (name) => {
  await expect(sharp(named(name)).metadata()).rejects.toThrow('unsupported image format');
});

test('the HEIC file names the brand that phones write', async () => {
  const bytes = named('photo.heic');
  expect(bytes.subarray(4, 12).toString('latin1')).toBe('ftypheic');
  expect(bytes.readUInt32BE(0)).toBe(24);
});

test('the file that is too large exceeds the limit by one byte', async () => {
  expect((await tooLargeFile(1_000_000)).bytes.length).toBe(1_000_001);
});

test('bombs are small, and each decodes to more than 50 megapixels', async () => {
  for (const { name, bytes } of await bombs()) {
    expect(bytes.length).toBeLessThan(3_000_000);
    const { width, height } = await header(name);
    expect(width * height).toBeGreaterThan(50_000_000);
  }
});

test("the interlaced bomb passes sharp's default limit", async () => {
  expect(await sharp(named('interlaced-bomb.png')).metadata()).toMatchObject({
    width: 16_383,
    isProgressive: true,
  });
});

test('the GIF has its pixels in the number of its frames', async () => {
  expect(await header('frames.gif')).toMatchObject({ width: 2_000, pageHeight: 2_000, pages: 16 });
});
