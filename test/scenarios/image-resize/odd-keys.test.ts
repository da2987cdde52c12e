import './unguarded-sharp';
import fc from 'fast-check';
import { keyOfLength, oddNames } from '../../../scenarios/image-resize/odd-keys';

test('there are at least 20 different names, some of which look alike', () => {
  expect(new Set(oddNames).size).toBe(oddNames.length);
  expect(oddNames.length).toBeGreaterThanOrEqual(20);
  expect(new Set(oddNames.map((name) => name.normalize('NFC'))).size).toBe(oddNames.length - 1);
});

test('several names change when they are decoded twice, or cannot be', () => {
  const decoded = (name: string): string | undefined => {
    try {
      return decodeURIComponent(name.replaceAll('+', ' '));
    } catch {
      return undefined;
    }
  };
  expect(oddNames.filter((name) => decoded(name) !== name).length).toBeGreaterThanOrEqual(5);
});

test('a key has exactly the requested number of bytes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 12, max: 1_024 }), (bytes) => {
      const key = keyOfLength('s12345678/', bytes);
      expect([Buffer.byteLength(key), key.startsWith('s12345678/')]).toEqual([bytes, true]);
    }),
  );
});

test('a key shorter than its prefix is refused', () => {
  expect(() => keyOfLength('prefix/', 7)).toThrow('cannot start with the 7 bytes');
});
