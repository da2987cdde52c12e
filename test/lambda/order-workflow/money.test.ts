import fc from 'fast-check';
import { formatAmount, normalizeDecimal, parseAmount } from '../../../lambda/order-workflow/money';

it.each([0, 2, 3, 4])('parses every amount that it formats with %i decimal places', (digits) => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 999_999_999n }), (minorUnits) => {
      expect(parseAmount(formatAmount(minorUnits, digits), digits)).toBe(minorUnits);
    }),
  );
});

it.each([
  ['12.5', 2, 1250n],
  ['12.50', 2, 1250n],
  ['12.500', 2, 1250n],
  ['12.505', 2, undefined],
  ['12.505', 3, 12_505n],
  ['12', 0, 12n],
  ['12.0', 0, 12n],
  ['12.5', 0, undefined],
  ['999999999.9999', 4, 9_999_999_999_999n],
])('parses %s with %i decimal places as %s', (text, digits, minorUnits) => {
  expect(parseAmount(text, digits)).toBe(minorUnits);
});

it.each(['-1.00', '1,00', '', '1e3', ' 1.00', '1.00001', '.5', '1.'])('refuses %j as an amount', (text) => {
  expect(parseAmount(text, 2)).toBeUndefined();
});

it.each([
  [['12.5', '12.50', '12.500', '0012.5'], '12.5'],
  [['0', '0.00', '-0', '000'], '0'],
  [['100', '100.0'], '100'],
  [['-1.50', '-1.5'], '-1.5'],
])('normalizes %j to %s', (spellings, normal) => {
  expect(spellings.map(normalizeDecimal)).toEqual(spellings.map(() => normal));
});
