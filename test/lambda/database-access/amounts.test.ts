import fc from 'fast-check';
import { formatAmount, parseAmount } from '../../../lambda/database-access/amounts';

it.each(['EUR', 'JPY', 'KWD', 'CLF'])('every amount in %s survives conversion to text and back', (currency) => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 999_999_999_999n }),
      (amount) => parseAmount(formatAmount(amount, currency), currency) === amount,
    ),
  );
});

it.each([
  ['12.50', 'EUR', 1_250n],
  ['12.5', 'EUR', 1_250n],
  ['12', 'EUR', 1_200n],
  ['0.01', 'EUR', 1n],
  ['999999999999.99', 'EUR', 99_999_999_999_999n],
  ['1250', 'JPY', 1_250n],
  ['1.5', 'KWD', 1_500n],
  ['0.001', 'KWD', 1n],
  ['999999999999.9999', 'CLF', 9_999_999_999_999_999n],
])('%s %s is %i minor units', (decimal, currency, expected) => {
  expect(parseAmount(decimal, currency)).toBe(expected);
});

it.each(['', '0', '0.00', '-1', '+1', '1.234', '1,50', '1e3', ' 1', '1.', '.5', '1000000000000', '١٢'])(
  '%j is refused as an amount in EUR',
  (text) => {
    expect(parseAmount(text, 'EUR')).toBeUndefined();
  },
);

it.each([
  ['1.5', 'JPY'],
  ['1.0', 'JPY'],
  ['1.2345', 'KWD'],
  ['1', 'XAU'],
  ['1', 'XYZ'],
])('%s %s is refused as an amount', (decimal, currency) => {
  expect(parseAmount(decimal, currency)).toBeUndefined();
});

it.each([
  [9_007_199_254_740_993n, 'EUR', '90071992547409.93'],
  [-5n, 'EUR', '-0.05'],
  [1n, 'KWD', '0.001'],
  [1_250n, 'JPY', '1250'],
  [0n, 'JPY', '0'],
  [1_250n, 'BGN', '12.50'],
])('formats %i in %s as %s', (amount, currency, text) => {
  expect(formatAmount(amount, currency)).toBe(text);
});
