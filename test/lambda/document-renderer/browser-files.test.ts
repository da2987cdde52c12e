import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { unpackBrowser } from '../../../lambda/document-renderer/browser/browser-files';

function layer(): { readonly layerFolder: string; readonly work: string } {
  const folder = mkdtempSync(join(tmpdir(), 'browser-files-'));
  const layerFolder = join(folder, 'layer');
  const work = join(folder, 'work');
  mkdirSync(join(layerFolder, 'beside'), { recursive: true });
  mkdirSync(work);
  writeFileSync(join(layerFolder, 'chromium.br'), brotliCompressSync('the browser'));
  writeFileSync(join(layerFolder, 'beside', 'libEGL.so'), 'a library');
  return { layerFolder, work };
}

it('unpacks an executable with its libraries beside it', async () => {
  const { layerFolder, work } = layer();
  const executable = await unpackBrowser(layerFolder, join(work, 'chromium'));
  expect(readFileSync(executable, 'utf8')).toBe('the browser');
  expect(readFileSync(join(work, 'chromium', 'libEGL.so'), 'utf8')).toBe('a library');
  expect(readdirSync(work)).toEqual(['chromium']);
});

it('replaces what a killed function left half unpacked', async () => {
  const { layerFolder, work } = layer();
  mkdirSync(join(work, 'chromium.draft-1'));
  writeFileSync(join(work, 'chromium.draft-1', 'chromium'), 'the br');
  expect(readFileSync(await unpackBrowser(layerFolder, join(work, 'chromium')), 'utf8')).toBe('the browser');
  expect(readdirSync(work)).toEqual(['chromium']);
});

it('unpacks once', async () => {
  const { layerFolder, work } = layer();
  const executable = await unpackBrowser(layerFolder, join(work, 'chromium'));
  writeFileSync(executable, 'marked');
  expect(readFileSync(await unpackBrowser(layerFolder, join(work, 'chromium')), 'utf8')).toBe('marked');
});

it('leaves no browser where the archive is cut off', async () => {
  const { layerFolder, work } = layer();
  const archive = readFileSync(join(layerFolder, 'chromium.br'));
  writeFileSync(join(layerFolder, 'chromium.br'), archive.subarray(0, archive.length - 4));
  await expect(unpackBrowser(layerFolder, join(work, 'chromium'))).rejects.toThrow('unexpected end of file');
  expect(readdirSync(work).filter((name) => !name.includes('.draft-'))).toEqual([]);
});

/** Folder of a mounted file system with an unpacked browser of this mode. */
function mounted(mode: number): { readonly folder: string; readonly work: string } {
  const { layerFolder: folder, work } = layer();
  for (const name of ['lib', 'fonts']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'chromium'), 'the browser', { mode });
  for (const name of ['libEGL.so', 'lib/libnss3.so', 'fonts/a.ttf', 'fonts.conf'])
    writeFileSync(join(folder, name), name);
  return { folder, work };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

it('leaves a browser where it is that may be executed there', async () => {
  const { folder, work } = mounted(0o755);
  expect(await unpackBrowser(folder, join(work, 'chromium'), sha256('the browser'))).toBe(join(folder, 'chromium'));
  expect(readdirSync(work)).toEqual([]);
});

it('copies a browser that may not be executed where it is, with its libraries and without fonts', async () => {
  const { folder, work } = mounted(0o644);
  mkdirSync(join(work, 'chromium.draft-1'));
  writeFileSync(join(work, 'chromium.draft-1', 'chromium'), 'the br');
  const executable = await unpackBrowser(folder, join(work, 'chromium'), sha256('the browser'));
  accessSync(executable, constants.X_OK);
  expect(readFileSync(executable, 'utf8')).toBe('the browser');
  expect(readdirSync(work)).toEqual(['chromium']);
  const copied = readdirSync(join(work, 'chromium'));
  expect(copied).toEqual(expect.arrayContaining(['lib', 'libEGL.so']));
  expect(copied).not.toEqual(expect.arrayContaining(['fonts']));
  expect(readdirSync(join(work, 'chromium', 'lib'))).toEqual(['libnss3.so']);
});

it('uses no copy that has another digest than what was seeded', async () => {
  const { folder, work } = mounted(0o644);
  const copy = (): Promise<string> => unpackBrowser(folder, join(work, 'chromium'), sha256('the browser'));
  writeFileSync(join(folder, 'chromium'), 'the brow');
  await expect(copy()).rejects.toThrow('is another one: expected SHA-256');
  writeFileSync(join(folder, 'chromium'), 'the browser');
  expect(readFileSync(await copy(), 'utf8')).toBe('the browser');
});
