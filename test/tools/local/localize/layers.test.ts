import { existsSync } from 'node:fs';
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
