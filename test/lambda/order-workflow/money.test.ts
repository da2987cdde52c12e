import fc from 'fast-check';
import { parseCents, formatCents, hasCents } from '../../../lambda/order-workflow/money';

it('parses every amount that it formats', () => {
  fc.assert(
    fc.property(fc.nat({ max: 99_999_999_999 }), (cents) => {
      expect(parseCents(formatCents(cents))).toBe(cents);
    }),
  );
});

it.each(['1.005', '-1.00', '1,00', '', '1e3', ' 1.00'])('refuses %j as an amount', (text) => {
  expect(parseCents(text)).toBeUndefined();
});

it('distinguishes currencies without two decimal places', () => {
  expect(['EUR', 'USD', 'JPY', 'KWD', 'ZZZ'].map(hasCents)).toEqual([true, true, false, false, false]);
});
