import { saysTheSame } from '../../../lambda/database-access/record';
import { record } from './record-factory';

it('two records that were made apart say the same', () => {
  expect(saysTheSame(record(), record())).toBe(true);
});

it.each([
  { id: 'r-2' },
  { customerId: 'c-8' },
  { cents: 1_251n },
  { currency: 'USD' },
  { occurredAt: new Date('2026-11-21T08:00:00.001Z') },
])('with another %j they do not', (change) => {
  expect(saysTheSame(record(), record(change))).toBe(false);
});
