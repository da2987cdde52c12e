import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
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
