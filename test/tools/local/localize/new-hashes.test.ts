import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newHashes } from '../../../../tools/local/localize/new-hashes';
import { assemblyOf, handlerHash, host, layerHash, nodeFunction, templateHash } from './small-assembly';

function changed() {
  const assembly = assemblyOf({ Resize: nodeFunction() });
  assembly.markAssetChanged(join(assembly.folder, `asset.${handlerHash}`), 'a start script');
  const touched = newHashes.apply(assembly, host);
  assembly.write();
  const text = ['manifest.json', 'Photos.assets.json', 'Photos.template.json']
    .map((file) => readFileSync(join(assembly.folder, file), 'utf8'))
    .join();
  return { assembly, touched, text };
}

test('a changed asset and the template that names it have new keys in every document and on disk', () => {
  const { assembly, touched, text } = changed();
  expect(touched).toEqual(['Photos']);
  expect(text).not.toContain(handlerHash);
  expect(text).not.toContain(templateHash);
  expect(readdirSync(assembly.folder).some((entry) => entry.includes(handlerHash))).toBe(false);
  const resize = assembly.stacks[0]!.template.Resources['Resize'];
  expect(existsSync(assembly.assetFolder(assembly.stacks[0]!, resize?.Properties?.['Code']) ?? '')).toBe(true);
});

test('unchanged assets keep their keys', () => {
  const { text } = changed();
  expect(text).toContain(layerHash);
});

test('the same change gives the same key, so that an unchanged stack is not deployed again', () => {
  expect(changed().touched).toEqual(changed().touched);
  expect(changed().text).toBe(changed().text);
});

test('an assembly that no rule has changed is left alone', () => {
  expect(newHashes.apply(assemblyOf({ Resize: nodeFunction() }), host)).toEqual([]);
});
