import fc from 'fast-check';
import { compareNumbers, readNumber, sortableInteger } from '../../../lambda/etl-pipeline/numbers';

const plain = { decimalSeparator: '.', groupSeparator: undefined } as const;
const german = { decimalSeparator: ',', groupSeparator: '.' } as const;

it.each([
  ['12.50', '12.5'],
  ['-0.0', '0'],
  ['+7', '7'],
  ['0007', '7'],
  ['12345678901234567890.123456789012345678', '12345678901234567890.123456789012345678'],
])('%s is %s', (text, canonical) => {
  expect(readNumber(text, plain, false)).toBe(canonical);
});

it.each([
  '',
  '.',
  '1.',
  '.5',
  '1e3',
  '0x10',
  '1,5',
  '1 000',
  'NaN',
  'Infinity',
  '--1',
  '1'.repeat(39),
  `1.${'1'.repeat(38)}`,
])('%j is no number', (text) => {
  expect(readNumber(text, plain, false)).toBeUndefined();
});

it('separators count where they belong', () => {
  expect(readNumber('1.234.567,89', german, false)).toBe('1234567.89');
  expect(readNumber('1234,5', german, false)).toBe('1234.5');
  expect(readNumber('1.23.456', german, false)).toBeUndefined();
  expect(readNumber('12.50', german, false)).toBeUndefined();
});

it.each(['1.234.56', '1.234.5678', '1.234.', '1.234,567.890', '1.234.567.8'])(
  '%s is no number where points separate thousands',
  (text) => {
    expect(readNumber(text, german, false)).toBeUndefined();
  },
);

it('a number is read if it is written as its language has it, and no other arrangement of its characters', () => {
  const written = fc
    .record({ whole: fc.bigInt({ min: 0n, max: 10n ** 20n }), fraction: fc.stringMatching(/^\d{0,9}$/) })
    .map(({ whole, fraction }) => {
      const groups = String(whole).replaceAll(/\B(?=(\d{3})+$)/g, '.');
      return fraction === '' ? groups : `${groups},${fraction}`;
    });
  const form = /^\d{1,3}(\.\d{3})*(,\d+)?$|^\d+(,\d+)?$/;
  fc.assert(
    fc.property(written, fc.nat(), fc.constantFrom('.', ',', '0', ''), (text, place, inserted) => {
      expect(readNumber(text, german, false)).toBeDefined();
      const at = place % (text.length + 1);
      const changed = text.slice(0, at) + inserted + text.slice(at);
      expect(readNumber(changed, german, false) !== undefined).toBe(form.test(changed));
    }),
  );
});

it('a whole number may have zeros after the point, and nothing else', () => {
  expect(readNumber('5.00', plain, true)).toBe('5');
  expect(readNumber('5.5', plain, true)).toBeUndefined();
});

const integer = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n });

it('whole numbers of 38 digits sort as texts, and compare, as they do as numbers', () => {
  fc.assert(
    fc.property(integer, integer, (one, other) => {
      const order = one < other ? -1 : Number(one > other);
      const [left, right] = [sortableInteger(String(one)), sortableInteger(String(other))];
      expect(left < right ? -1 : Number(left > right)).toBe(order);
      expect(compareNumbers(String(one), String(other))).toBe(order);
    }),
  );
});

it('decimals compare by value', () => {
  expect(compareNumbers('1.5', '1.49')).toBe(1);
  expect(compareNumbers('-1.5', '-1.49')).toBe(-1);
  expect(compareNumbers('-0.5', '0')).toBe(-1);
  expect(compareNumbers('2', '2')).toBe(0);
});
