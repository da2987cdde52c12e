import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { layers } from '../../../../tools/local/localize/layers';
import { assemblyOf, handlerHash, host, layerHash, nodeFunction, templateOf } from './small-assembly';

const layer = { Type: 'AWS::Lambda::LayerVersion', Properties: { Content: { S3Key: `${layerHash}.zip` } } };

test('the packages of a layer are copied beside the handler that uses it', () => {
  const assembly = assemblyOf({ Resize: nodeFunction({ Layers: [{ Ref: 'Tools' }] }), Tools: layer });
  expect(layers.apply(assembly, host)).toEqual(['Photos/Resize']);
  expect(existsSync(join(assembly.folder, `asset.${handlerHash}`, 'node_modules', 'tool', 'index.js'))).toBe(true);
  expect(templateOf(assembly).Resources['Resize']?.Properties).not.toHaveProperty('Layers');
  expect(assembly.changes().assets.size).toBe(1);
});

test('a function without layers is left alone', () => {
  const assembly = assemblyOf({ Resize: nodeFunction(), Tools: layer });
  expect(layers.apply(assembly, host)).toEqual([]);
  expect(assembly.changes().assets.size).toBe(0);
});

test('other content stays where it was synthesized, and variables name it there', () => {
  const Environment = { Variables: { TOOL_FOLDER: '/opt/nodejs', OTHER: '/opt/elsewhere' } };
  const assembly = assemblyOf({ Resize: nodeFunction({ Layers: [{ Ref: 'Tools' }], Environment }), Tools: layer });
  const folder = join(assembly.folder, `asset.${layerHash}`);
  rmSync(join(folder, 'nodejs', 'node_modules'), { recursive: true });
  expect(layers.apply(assembly, host)).toEqual(['Photos/Resize']);
  const { Resize, Tools } = templateOf(assembly).Resources;
  expect(Resize?.Properties?.['Environment']).toEqual({
    Variables: { TOOL_FOLDER: join(folder, 'nodejs'), OTHER: '/opt/elsewhere' },
  });
  expect(Tools).toBeUndefined();
  expect(Object.keys(assembly.stacks[0]?.assets ?? {})).not.toContain(layerHash);
});
