import fc from 'fast-check';
import { centsOf, decimalOf, hasCents } from '../../../lambda/order-workflow/money';

it('every amount in cents survives its way through text', () => {
  fc.assert(
    fc.property(fc.nat({ max: 99_999_999_999 }), (cents) => {
      expect(centsOf(decimalOf(cents))).toBe(cents);
    }),
  );
});

it.each(['1.005', '-1.00', '1,00', '', '1e3', ' 1.00'])('%j is no amount', (text) => {
  expect(centsOf(text)).toBeUndefined();
});

it('currencies without cents are told apart', () => {
  expect(['EUR', 'USD', 'JPY', 'KWD', 'ZZZ'].map(hasCents)).toEqual([true, true, false, false, false]);
});
