/** Renders with jimp, which is pure JavaScript: `with-jimp.mjs <peers' folder> <output> <widths> <photo> …`. */
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

const [peers, output, widths, ...photos] = process.argv.slice(2);
const { Jimp } = createRequire(join(peers, 'package.json'))('jimp');

for (const photo of photos) {
  const image = await Jimp.read(photo);
  for (const width of widths.split(',')) {
    const file = join(output, `${basename(photo, '.jpg')}-${width}.jpg`);
    await image
      .clone()
      .resize({ w: Number(width) })
      .write(file, { quality: 82 });
  }
}
