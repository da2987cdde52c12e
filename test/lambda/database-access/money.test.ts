import fc from 'fast-check';
import { centsOf, decimalOf, hasCents } from '../../../lambda/database-access/money';

it('every amount goes through text without loss', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 99_999_999_999_999n }), (cents) => centsOf(decimalOf(cents)) === cents),
  );
});

it.each([
  ['12.50', 1_250n],
  ['12.5', 1_250n],
  ['12', 1_200n],
  ['0.01', 1n],
  ['999999999999.99', 99_999_999_999_999n],
])('%s is %i cents', (decimal, cents) => {
  expect(centsOf(decimal)).toBe(cents);
});

it.each(['', '0', '0.00', '-1', '+1', '1.234', '1,50', '1e3', ' 1', '1.', '.5', '1000000000000', '١٢'])(
  '%j is no amount',
  (text) => {
    expect(centsOf(text)).toBeUndefined();
  },
);

it('a sum may be beyond what a number holds exactly, and below zero', () => {
  expect(decimalOf(9_007_199_254_740_993n)).toBe('90071992547409.93');
  expect(decimalOf(-5n)).toBe('-0.05');
});

it('currencies are those of ISO 4217 that have cents', () => {
  expect(['EUR', 'USD'].every(hasCents)).toBe(true);
  expect(['JPY', 'KWD', 'eur', 'XYZ', ''].some(hasCents)).toBe(false);
});
