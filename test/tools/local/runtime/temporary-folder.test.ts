import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemporaryFolder } from '../../../../tools/local/runtime/temporary-folder';

it('gives an environment an empty folder of its own', () => {
  const parent = mkdtempSync(join(tmpdir(), 'temporary-folder-'));
  const folder = makeTemporaryFolder(parent, 7);
  writeFileSync(join(folder, 'file'), '');
  expect(readdirSync(makeTemporaryFolder(parent, 7))).toEqual([]);
});

it('removes the folders of environments that have ended, and nothing else', () => {
  const parent = mkdtempSync(join(tmpdir(), 'temporary-folder-'));
  for (const name of ['environment-1', 'environment-2', 'other']) mkdirSync(join(parent, name));
  makeTemporaryFolder(parent, 3, (pid) => pid === 2);
  expect(readdirSync(parent).sort()).toEqual(['environment-2', 'environment-3', 'other']);
});

it('knows that this process runs', () => {
  const parent = mkdtempSync(join(tmpdir(), 'temporary-folder-'));
  const mine = makeTemporaryFolder(parent, process.pid);
  makeTemporaryFolder(parent, 1);
  expect(existsSync(mine)).toBe(true);
});
