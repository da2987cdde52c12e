import { createHash } from 'node:crypto';
import { accessSync, constants, createReadStream, createWriteStream } from 'node:fs';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

/**
 * Unpacks the browser of a layer into a folder, once for each environment, and returns the executable's path: where it is, if
 * nothing is left to unpack. One that may not be executed there, on a mounted file system, is copied.
 *
 * It is unpacked or copied beside the folder and renamed, so that the folder is whole or not there: a function that was killed
 * meanwhile leaves a draft, which the next one removes.
 *
 * @param sha256 digest of the executable in Base64, which a copy must have
 */
export async function unpackBrowser(layerFolder: string, folder: string, sha256?: string): Promise<string> {
  const there = join(layerFolder, 'chromium');
  const isUnpacked = existsSync(there);
  if (isUnpacked && isExecutable(there)) return there;
  const executable = join(folder, 'chromium');
  if (existsSync(folder)) return executable;
  removeDrafts(folder);
  const draft = `${folder}${draftMark}${process.pid}`;
  mkdirSync(draft, { recursive: true });
  if (isUnpacked) await copyBrowser(layerFolder, draft, sha256);
  else await inflateBrowser(layerFolder, draft);
  renameSync(draft, folder);
  return executable;
}

const draftMark = '.draft-';
const chunkBytes = 1 << 20;

async function inflateBrowser(layerFolder: string, draft: string): Promise<void> {
  await pipeline(
    createReadStream(join(layerFolder, 'chromium.br'), { highWaterMark: chunkBytes }),
    createBrotliDecompress(),
    createWriteStream(join(draft, 'chromium'), { mode: 0o755 }),
  );
  // The browser ends at once without its drawing libraries in its own folder, though nothing is drawn by them.
  const beside = join(layerFolder, 'beside');
  for (const file of readdirSync(beside)) symlinkSync(join(beside, file), join(draft, file));
}

/** Copies the browser and its libraries: what may not be executed may not be loaded into a process either. */
async function copyBrowser(from: string, draft: string, sha256: string | undefined): Promise<void> {
  const left = ['chromium', 'fonts', 'fonts.conf'].map((name) => join(from, name));
  await cp(from, draft, { recursive: true, filter: (source) => !left.includes(source) });
  const hash = createHash('sha256');
  await pipeline(
    createReadStream(join(from, 'chromium'), { highWaterMark: chunkBytes }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(join(draft, 'chromium'), { mode: 0o755 }),
  );
  const copied = hash.digest('base64');
  if (sha256 !== undefined && copied !== sha256) {
    throw new Error(`the browser in ${from} is another one: expected SHA-256 ${sha256}, got ${copied}`);
  }
}

/** Whether the file has the mode, and is on a file system that lets files be executed: access(2) looks at both. */
function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function removeDrafts(folder: string): void {
  const parent = dirname(folder);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (name.startsWith(`${basename(folder)}${draftMark}`))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}
