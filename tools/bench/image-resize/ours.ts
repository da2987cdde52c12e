/** Renders the variants in a process, as the function does: `ours.js <output> <widths> <photo> …`. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { renderPhoto } from '../../../lambda/image-resize/render';

const [output = '', widths = '', ...photos] = process.argv.slice(2);

async function main(): Promise<void> {
  const variants = widths.split(',').map((width) => ({
    name: width,
    width: Number(width),
    fit: 'inside' as const,
    format: 'jpeg' as const,
    quality: 82,
  }));
  const limits = { maximumBytes: 50 * 1024 ** 2, maximumPixels: 50_000_000 };
  for (const photo of photos) {
    const rendered = await renderPhoto(await readFile(photo), { variants, watermarks: new Map(), limits }, 60_000);
    const name = basename(photo, '.jpg');
    await Promise.all(
      rendered.variants.map(({ variant, bytes }) => writeFile(join(output, `${name}-${variant.name}.jpg`), bytes)),
    );
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
