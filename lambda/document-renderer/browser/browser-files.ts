import { createReadStream, createWriteStream } from 'node:fs';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

/**
 * Unpacks the browser of a layer into a folder, once for each environment, and returns the executable's path: where it is, if
 * nothing is left to unpack.
 *
 * It is unpacked beside the folder and renamed, so that the folder is whole or not there: a function that was killed
 * meanwhile leaves a draft, which the next one removes.
 */
export async function unpackBrowser(layerFolder: string, folder: string): Promise<string> {
  const there = join(layerFolder, 'chromium');
  if (existsSync(there)) return there;
  const executable = join(folder, 'chromium');
  if (existsSync(folder)) return executable;
  removeDrafts(folder);
  const draft = `${folder}${draftMark}${process.pid}`;
  mkdirSync(draft, { recursive: true });
  await pipeline(
    createReadStream(join(layerFolder, 'chromium.br'), { highWaterMark: 1 << 20 }),
    createBrotliDecompress(),
    createWriteStream(join(draft, 'chromium'), { mode: 0o755 }),
  );
  // The browser ends at once without its drawing libraries in its own folder, though nothing is drawn by them.
  const beside = join(layerFolder, 'beside');
  for (const file of readdirSync(beside)) symlinkSync(join(beside, file), join(draft, file));
  renameSync(draft, folder);
  return executable;
}

const draftMark = '.draft-';

function removeDrafts(folder: string): void {
  const parent = dirname(folder);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (name.startsWith(`${basename(folder)}${draftMark}`))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}
