import { ConditionalCheckFailedException, UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PaymentUnavailable, type ChargeResult, type PaymentProvider } from './payments';

export interface SandboxLedger {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly table: string;
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** Ends the process, for `pm-crash-once`. */
  readonly crash: () => never;
}

/** How long `pm-slow` takes: long for a payment service, within the time that a call has. */
const slowMilliseconds = 2_000;

/**
 * A payment service whose ledger is a table, for everything but real money. Needs `dynamodb:UpdateItem`.
 *
 * `pm-declined` is declined, `pm-unavailable` never answers, `pm-slow` takes two seconds, `pm-timeout-once` charges and
 * loses its first answer, `pm-crash-once` charges and ends the caller the first time; all others are charged.
 */
export function sandboxPayments(ledger: SandboxLedger): PaymentProvider {
  return {
    async charge({ orderId, cents, currency, paymentMethod }) {
      if (paymentMethod === 'pm-unavailable')
        throw new PaymentUnavailable('the sandbox payment service is unavailable');
      if (paymentMethod === 'pm-declined') return { outcome: 'declined', reason: 'card-declined' };
      if (paymentMethod === 'pm-slow') await ledger.pause(slowMilliseconds);
      const { first, ...entry } = await chargeOnce(ledger, orderId, cents, currency);
      if (first && paymentMethod === 'pm-timeout-once') throw new PaymentUnavailable('no answer of the sandbox');
      if (first && paymentMethod === 'pm-crash-once') ledger.crash();
      return entry.result;
    },
    async refund(orderId) {
      if (await change(ledger, orderId, refundCharged)) return { outcome: 'refunded' };
      if (await change(ledger, orderId, voidUncharged)) return { outcome: 'voided' };
      // The charge came between the two, or the order was refunded before.
      if (await change(ledger, orderId, refundCharged)) return { outcome: 'refunded' };
      return { outcome: 'refunded' };
    },
  };
}

/** Counted and not set to one: a charge that is made twice has to show. */
async function chargeOnce(
  ledger: SandboxLedger,
  orderId: string,
  cents: number,
  currency: string,
): Promise<{ first: boolean; result: ChargeResult }> {
  try {
    await ledger.client.send(
      new UpdateItemCommand({
        TableName: ledger.table,
        Key: { orderId: { S: orderId } },
        UpdateExpression:
          'SET #state = :charged, charges = if_not_exists(charges, :none) + :one, refunds = :none, cents = :cents, currency = :currency',
        ConditionExpression: 'attribute_not_exists(orderId)',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':charged': { S: 'charged' },
          ':one': { N: '1' },
          ':none': { N: '0' },
          ':cents': { N: String(cents) },
          ':currency': { S: currency },
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { first: true, result: { outcome: 'charged' } };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const charged = error.Item?.['state']?.S === 'charged';
    return { first: false, result: charged ? { outcome: 'charged' } : { outcome: 'declined', reason: 'voided' } };
  }
}

const refundCharged = {
  UpdateExpression: 'SET #state = :after, refunds = refunds + :one',
  ConditionExpression: '#state = :charged',
  ExpressionAttributeValues: { ':after': { S: 'refunded' }, ':one': { N: '1' }, ':charged': { S: 'charged' } },
};

const voidUncharged = {
  UpdateExpression: 'SET #state = :after, charges = :none, refunds = :none',
  ConditionExpression: 'attribute_not_exists(orderId) OR #state = :after',
  ExpressionAttributeValues: { ':after': { S: 'voided' }, ':none': { N: '0' } },
};

async function change(
  { client, table }: SandboxLedger,
  orderId: string,
  update: typeof refundCharged | typeof voidUncharged,
): Promise<boolean> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { orderId: { S: orderId } },
        ...update,
        ExpressionAttributeNames: { '#state': 'state' },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
