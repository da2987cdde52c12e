import fc from 'fast-check';
import { createSandboxPayments } from '../../../../lambda/order-workflow/adapters/dynamodb-sandbox-payments';
import { MemoryTables } from '../../../fakes/memory-tables';

function sandbox() {
  const tables = new MemoryTables();
  const crash = jest.fn(() => {
    throw new Error('killed');
  }) as unknown as () => never;
  const client = tables as never;
  const payments = createSandboxPayments({ client, tableName: 'Payments', sleep: () => Promise.resolve(), crash });
  const charge = (paymentMethod: string) =>
    payments.charge({ orderId: 'o-1', amount: '1.00', currency: 'EUR', paymentMethod });
  const counts = () => ['charges', 'refunds'].map((name) => Number(tables.item('Payments', 'o-1')?.[name]?.N ?? 0));
  return { counts, payments, charge };
}

it.each(['pm-timeout-once', 'pm-crash-once'])(
  '%s charges, loses its first response, and never charges again',
  async (method) => {
    const { counts, charge } = sandbox();
    await expect(charge(method)).rejects.toThrow();
    expect(counts()).toEqual([1, 0]);
    expect(await charge(method)).toEqual({ outcome: 'charged' });
    expect(counts()).toEqual([1, 0]);
  },
);

it('recovers after eight failed charges of pm-outage and eight failed refunds of pm-refund-outage', async () => {
  const outage = sandbox();
  for (let attempt = 0; attempt < 8; attempt++) {
    await expect(outage.charge('pm-outage')).rejects.toMatchObject({ name: 'PaymentUnavailableError' });
  }
  expect(await outage.charge('pm-outage')).toEqual({ outcome: 'charged' });
  expect(outage.counts()).toEqual([1, 0]);

  const refundOutage = sandbox();
  await refundOutage.charge('pm-refund-outage');
  for (let attempt = 0; attempt < 8; attempt++) {
    await expect(refundOutage.payments.refund('o-1')).rejects.toMatchObject({ name: 'PaymentUnavailableError' });
  }
  expect(await refundOutage.payments.refund('o-1')).toEqual({ outcome: 'refunded' });
  expect(refundOutage.counts()).toEqual([1, 1]);
});

it('declines pm-declined and fails pm-unavailable, without a charge', async () => {
  const { counts, charge } = sandbox();
  expect(await charge('pm-declined')).toEqual({ outcome: 'declined', reason: 'card-declined' });
  await expect(charge('pm-unavailable')).rejects.toMatchObject({ name: 'PaymentUnavailableError' });
  expect(counts()).toEqual([0, 0]);
});

it('voids an order that was not charged, and declines a late charge', async () => {
  const { counts, payments, charge } = sandbox();
  expect(await payments.refund('o-1')).toEqual({ outcome: 'voided' });
  expect(await charge('pm-visa')).toEqual({ outcome: 'declined', reason: 'voided' });
  expect(await payments.refund('o-1')).toEqual({ outcome: 'voided' });
  expect(counts()).toEqual([0, 0]);
});

it('charges and refunds at most once in any order of calls', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('charge', 'refund'), { maxLength: 6 }), async (calls) => {
      const { counts, payments, charge } = sandbox();
      for (const call of calls) await (call === 'charge' ? charge('pm-visa') : payments.refund('o-1'));
      const [charges = 0, refunds = 0] = counts();
      expect(charges).toBe(calls[0] === 'charge' ? 1 : 0);
      expect(refunds).toBe(charges === 1 && calls.includes('refund') ? 1 : 0);
    }),
    { numRuns: 40 },
  );
});
