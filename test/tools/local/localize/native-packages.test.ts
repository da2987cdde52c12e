import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativePackages } from '../../../../tools/local/localize/native-packages';
import { assemblyOf, handlerHash, host, nodeFunction } from './small-assembly';

function prepared() {
  const assembly = assemblyOf({ Resize: nodeFunction() });
  const scope = join(assembly.folder, `asset.${handlerHash}`, 'node_modules', '@img');
  for (const name of ['color', 'sharp-linux-arm64', 'sharp-libvips-linux-arm64'])
    mkdirSync(join(scope, name), { recursive: true });
  const packages = mkdtempSync(join(tmpdir(), 'packages-'));
  mkdirSync(join(packages, '@img', 'sharp-darwin-arm64'), { recursive: true });
  writeFileSync(join(packages, '@img', 'sharp-darwin-arm64', 'index.js'), '');
  return { assembly, scope, packages };
}

test("on macOS a function gets this machine's builds in place of those for Linux", () => {
  const { assembly, scope, packages } = prepared();
  expect(nativePackages.apply(assembly, { ...host, platform: 'darwin', packages })).toEqual(['Photos/Resize']);
  expect(readdirSync(scope).sort()).toEqual(['color', 'sharp-darwin-arm64']);
  expect(assembly.changes().assets.size).toBe(1);
});

test('on Linux nothing is replaced', () => {
  const { assembly, scope, packages } = prepared();
  expect(nativePackages.apply(assembly, { ...host, packages })).toEqual([]);
  expect(readdirSync(scope)).toHaveLength(3);
});
