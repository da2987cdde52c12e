import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { sandboxPayments } from '../../../lambda/order-workflow/dynamodb-sandbox-payments';

type Entry = Record<string, { S?: string; N?: string }>;
interface Update {
  UpdateExpression: string;
  ConditionExpression: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues: Entry;
}

/** The ledger with the few expressions that the sandbox uses. */
class Ledger {
  entry: Entry | undefined;

  client = {
    send: ({ input }: { input: Update }) => {
      const value = (name: string) => input.ExpressionAttributeValues[name]!;
      const holds = input.ConditionExpression.split(' OR ').some((condition) => {
        if (condition === 'attribute_not_exists(orderId)') return this.entry === undefined;
        const [name = '', expected = ''] = condition.split(' = ');
        return this.entry?.[input.ExpressionAttributeNames[name] ?? name]?.S === value(expected).S;
      });
      if (!holds) {
        const Item = this.entry as never;
        return Promise.reject(new ConditionalCheckFailedException({ message: '', $metadata: {}, Item }));
      }
      for (const assignment of input.UpdateExpression.replace('SET ', '').split(', ')) {
        const [name = '', from = ''] = assignment.split(' = ');
        this.entry = { ...this.entry, [input.ExpressionAttributeNames[name] ?? name]: value(from) };
      }
      return Promise.resolve({});
    },
  } as unknown as Pick<DynamoDBClient, 'send'>;

  get counts() {
    return [Number(this.entry?.['charges']?.N ?? 0), Number(this.entry?.['refunds']?.N ?? 0)];
  }
}

function sandbox() {
  const ledger = new Ledger();
  const crash = jest.fn(() => {
    throw new Error('killed');
  }) as unknown as () => never;
  const payments = sandboxPayments({ client: ledger.client, table: 't', pause: () => Promise.resolve(), crash });
  const charge = (paymentMethod: string) =>
    payments.charge({ orderId: 'o-1', cents: 100, currency: 'EUR', paymentMethod });
  return { ledger, payments, charge };
}

it.each(['pm-timeout-once', 'pm-crash-once'])(
  '%s charges, loses its first answer, and never charges again',
  async (method) => {
    const { ledger, charge } = sandbox();
    await expect(charge(method)).rejects.toThrow();
    expect(ledger.counts).toEqual([1, 0]);
    expect(await charge(method)).toEqual({ outcome: 'charged' });
    expect(ledger.counts).toEqual([1, 0]);
  },
);

it('pm-declined is declined and pm-unavailable unavailable, and neither charges', async () => {
  const { ledger, charge } = sandbox();
  expect(await charge('pm-declined')).toEqual({ outcome: 'declined', reason: 'card-declined' });
  await expect(charge('pm-unavailable')).rejects.toMatchObject({ name: 'PaymentUnavailable' });
  expect(ledger.counts).toEqual([0, 0]);
});

it('a refund voids what was not charged, and a late charge is declined', async () => {
  const { ledger, payments, charge } = sandbox();
  expect(await payments.refund('o-1')).toEqual({ outcome: 'voided' });
  expect(await charge('pm-visa')).toEqual({ outcome: 'declined', reason: 'voided' });
  expect(await payments.refund('o-1')).toEqual({ outcome: 'voided' });
  expect(ledger.counts).toEqual([0, 0]);
});

it('in whatever order charges and refunds come, one of each is the most, and a refund is the last word', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('charge', 'refund'), { maxLength: 10 }), async (calls) => {
      const { ledger, payments, charge } = sandbox();
      for (const call of calls) await (call === 'charge' ? charge('pm-visa') : payments.refund('o-1'));
      const [charges = 0, refunds = 0] = ledger.counts;
      expect(charges).toBe(calls[0] === 'charge' ? 1 : 0);
      expect(refunds).toBe(charges === 1 && calls.includes('refund') ? 1 : 0);
    }),
  );
});
