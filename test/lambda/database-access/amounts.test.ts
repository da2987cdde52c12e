import fc from 'fast-check';
import { formatCents, hasCents, parseCents } from '../../../lambda/database-access/amounts';

it('every amount survives conversion to text and back', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 99_999_999_999_999n }), (cents) => parseCents(formatCents(cents)) === cents),
  );
});

it.each([
  ['12.50', 1_250n],
  ['12.5', 1_250n],
  ['12', 1_200n],
  ['0.01', 1n],
  ['999999999999.99', 99_999_999_999_999n],
])('%s is %i cents', (decimal, cents) => {
  expect(parseCents(decimal)).toBe(cents);
});

it.each(['', '0', '0.00', '-1', '+1', '1.234', '1,50', '1e3', ' 1', '1.', '.5', '1000000000000', '١٢'])(
  '%j is refused as an amount',
  (text) => {
    expect(parseCents(text)).toBeUndefined();
  },
);

it('formats sums beyond the precision of a number, and sums below zero', () => {
  expect(formatCents(9_007_199_254_740_993n)).toBe('90071992547409.93');
  expect(formatCents(-5n)).toBe('-0.05');
});

it('accepts the currencies of ISO 4217 with two decimal places', () => {
  expect(['EUR', 'USD'].every(hasCents)).toBe(true);
  expect(['JPY', 'KWD', 'eur', 'XYZ', ''].some(hasCents)).toBe(false);
});
