import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOutdated, swappableFunctions } from '../../../../tools/local/watch/hot-swap';
import { assemblyOf, nodeFunction } from '../localize/small-assembly';

const assembly = assemblyOf({ Resize4D7AC0E2: nodeFunction(), Other: { ...nodeFunction(), Metadata: {} } });

test('functions are found by the name of their handler', () => {
  const [found, ...others] = swappableFunctions(assembly, ['Photos'], ['photos/resize', 'photos/list']);
  expect(found).toMatchObject({ slug: 'photos', name: 'Resize', stack: 'Photos', logicalId: 'Resize4D7AC0E2' });
  expect(others).toEqual([]);
  expect(swappableFunctions(assembly, ['Orders'], ['photos/resize'])).toEqual([]);
});

test('a function is outdated where its code or its source map differs from the bundle', () => {
  const [found] = swappableFunctions(assembly, ['Photos'], ['photos/resize']);
  if (found === undefined) throw new Error('no function was found');
  const bundle = new Map([
    ['index.js', Buffer.from('exports.handler = async () => 2;')],
    ['index.js.map', Buffer.from('{}')],
  ]);
  expect(isOutdated(found, bundle)).toBe(true);
  for (const [name, contents] of bundle) writeFileSync(join(found.folder, name), contents);
  expect(isOutdated(found, bundle)).toBe(false);
  writeFileSync(join(found.folder, 'index.js.map'), '[]');
  expect(isOutdated(found, bundle)).toBe(true);
});
