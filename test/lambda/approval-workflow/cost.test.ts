import { costCents, dollars, estimateCents, monthlyCents } from '../../../lambda/approval-workflow/cost';

const size = { instanceType: 't3.small', diskGigabytes: 20, hourlyDollars: 0.0208 };
const prices = { sizes: { small: size }, diskDollars: 0.08 };

it('a month is 730 hours of the machine and a month of its disk', () => {
  // 0.0208 * 730 + 20 * 0.08 = 15.184 + 1.6
  expect(monthlyCents(prices, size)).toBe(1_679);
});

it('an estimate goes from now to the end, by the second', () => {
  const from = new Date('2026-11-27T10:00:00Z');
  expect(estimateCents(prices, size, from, new Date('2026-11-28T10:00:00Z'))).toBe(Math.ceil((1678.4 / 730) * 24));
  expect(estimateCents(prices, size, from, from)).toBe(0);
  expect(estimateCents(prices, size, from, new Date('2026-11-26T10:00:00Z'))).toBe(0);
});

it('whole cents are not rounded up by the error of binary fractions', () => {
  // 0.1 * 3 is 0.30000000000000004.
  expect(costCents({ ...prices, diskDollars: 0 }, { ...size, hourlyDollars: 0.1 }, 3)).toBe(30);
});

it('cents are shown as dollars', () => {
  expect(dollars(1_230)).toBe('$12.30');
});
