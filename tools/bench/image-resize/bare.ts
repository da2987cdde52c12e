/** Renders with sharp alone, as its documentation shows: `bare.js <output> <widths> <photo> …`. */
import { basename, join } from 'node:path';
import sharp from 'sharp';

const [output = '', widths = '', ...photos] = process.argv.slice(2);

async function main(): Promise<void> {
  for (const photo of photos) {
    const name = basename(photo, '.jpg');
    await Promise.all(
      widths.split(',').map((width) =>
        sharp(photo)
          .autoOrient()
          .resize({ width: Number(width) })
          .jpeg({ quality: 82, progressive: true })
          .toFile(join(output, `${name}-${width}.jpg`)),
      ),
    );
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
