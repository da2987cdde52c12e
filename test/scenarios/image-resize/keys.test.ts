import './unguarded-sharp';
import fc from 'fast-check';
import { outputKeys } from '../../../lambda/image-resize/object-keys';
import {
  keyInFolder,
  manifestKey,
  outputKey,
  sourceFolder,
  sourceKey,
  sourceName,
} from '../../../scenarios/image-resize/keys';
import { oddNames } from '../../../scenarios/image-resize/odd-keys';

const bare = { inputPrefix: '', outputPrefix: '' };
const prefixed = { inputPrefix: 'photos/', outputPrefix: 'out/' };

test('without prefixes a photo is in its folder, and its outputs under its key', () => {
  expect(sourceKey(bare, 's1', 'a.jpg')).toBe('s1/a.jpg');
  expect(outputKey(bare, 's1/a.jpg', 'thumbnail.webp')).toBe('s1/a.jpg/thumbnail.webp');
  expect(manifestKey(bare, 's1/a.jpg')).toBe('s1/a.jpg/manifest.json');
});

test('the input prefix precedes the folder, the output prefix the whole key', () => {
  expect(sourceKey(prefixed, 's1', 'a.jpg')).toBe('photos/s1/a.jpg');
  expect(outputKey(prefixed, 'photos/s1/a.jpg', 'thumbnail.webp')).toBe('out/photos/s1/a.jpg/thumbnail.webp');
  expect(sourceKey({ inputPrefix: 'incoming-' }, 's1', 'a.jpg')).toBe('incoming-s1/a.jpg');
});

test('outputs are expected where the function writes them', () => {
  const prefixes = fc.constantFrom('', 'out/', 'out', '/', "it's (out)/");
  fc.assert(
    fc.property(prefixes, prefixes, fc.constantFrom(...oddNames), (inputPrefix, outputPrefix, name) => {
      const key = sourceKey({ inputPrefix }, 's1', name);
      const written = outputKeys(outputPrefix, key, [{ name: 'thumbnail', format: 'webp' }]);
      const sought = [manifestKey({ outputPrefix }, key), outputKey({ outputPrefix }, key, 'thumbnail.webp')];
      expect(sought).toEqual([written.manifest, ...written.variants]);
    }),
  );
});

test.each(['s1', '/s1'])('every key of folder %j starts with the prefixes that are cleaned up', (folder) => {
  const key = sourceKey(prefixed, folder, 'deep/er/a.jpg');
  const [photos, outputs] = [sourceKey(prefixed, folder, ''), outputKey(prefixed, sourceFolder(prefixed, folder), '')];
  expect(key.startsWith(photos)).toBe(true);
  expect(manifestKey(prefixed, key).startsWith(outputs)).toBe(true);
});

test.each([bare, prefixed, { inputPrefix: '/a/b', outputPrefix: '' }])('%j: a name is found in its key', (of) => {
  for (const folder of ['s1', '/s1']) {
    for (const name of oddNames) {
      const key = sourceKey(of, folder, name);
      expect([sourceName(of, key), keyInFolder(of, key)]).toEqual([name, `${folder}/${name}`]);
    }
  }
});
