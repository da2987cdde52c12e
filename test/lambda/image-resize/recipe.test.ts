import { recipeOf } from '../../../lambda/image-resize/recipe';
import type { Variant } from '../../../lambda/image-resize/variants';

const variant: Variant = { name: 'a', width: 10, fit: 'inside', format: 'webp', quality: 80 };

test('the same settings are the same recipe', () => {
  const marks = [
    ['a.png', Buffer.from('1')],
    ['b.png', Buffer.from('2')],
  ] as const;
  expect(recipeOf([variant], new Map(marks))).toBe(recipeOf([{ ...variant }], new Map([...marks].reverse())));
  expect(recipeOf([variant], new Map())).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  ['a variant', recipeOf([{ ...variant, quality: 81 }], new Map())],
  ['one more variant', recipeOf([variant, { ...variant, name: 'b' }], new Map())],
  ['a watermark', recipeOf([variant], new Map([['a.png', Buffer.from('1')]]))],
])('%s makes another recipe', (_, changed) => {
  expect(changed).not.toBe(recipeOf([variant], new Map()));
});

test("a watermark's bytes make another recipe", () => {
  const withMark = (bytes: string): string => recipeOf([variant], new Map([['a.png', Buffer.from(bytes)]]));
  expect(withMark('1')).not.toBe(withMark('2'));
});
