import fc from 'fast-check';
import { formatDecimal, parseDecimal, readDecimal } from '../../../lambda/stream-processor/decimal';

it.each(['1e3', '1,5', '', '.5', '5.', '+1', 'NaN', '1234567890123456789', '1.1234567890', ' 1'])(
  '%j is no decimal',
  (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  },
);

it.each([
  ['12.50', '12.5'],
  ['-0.00', '0'],
  ['007', '7'],
  ['0.000000001', '0.000000001'],
  ['-999999999999999999.999999999', '-999999999999999999.999999999'],
])('%s is written as %s', (text, shortest) => {
  expect(formatDecimal(parseDecimal(text) ?? 99n)).toBe(shortest);
});

it('a decimal is the same after it was written and read', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }), (decimal) => {
      expect(readDecimal(formatDecimal(decimal))).toBe(decimal);
    }),
  );
});

it('sums are exact where floating point is not', () => {
  const sum = (parseDecimal('0.1') ?? 0n) + (parseDecimal('0.2') ?? 0n);
  expect(formatDecimal(sum)).toBe('0.3');
});
