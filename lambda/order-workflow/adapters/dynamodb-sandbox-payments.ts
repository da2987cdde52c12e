import { ConditionalCheckFailedException, UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PaymentUnavailableError, type ChargeResult, type Payment, type PaymentProvider } from '../payments';

export interface SandboxLedger {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly tableName: string;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Ends the process, for `pm-crash-once`. */
  readonly crash: () => never;
}

/** Delay of `pm-slow`: slow for a payment service, but below the timeout of a call. */
const slowMilliseconds = 2_000;

/** Attempts to charge `pm-outage`, and to refund `pm-refund-outage`, that fail. */
const outageAttempts = 8;

/**
 * Payment service without real money, with a table as its ledger. Needs `dynamodb:UpdateItem`.
 *
 * `pm-declined` is declined, `pm-unavailable` never answers, `pm-outage` and the refund of `pm-refund-outage` fail eight times,
 * `pm-slow` takes two seconds, `pm-timeout` charges and never answers, `pm-timeout-once` charges and loses its first answer, `pm-crash-once` charges and ends the calling
 * process once; all others are charged.
 */
export function createSandboxPayments(ledger: SandboxLedger): PaymentProvider {
  return {
    async charge(payment) {
      const { paymentMethod } = payment;
      if (paymentMethod === 'pm-unavailable') {
        throw new PaymentUnavailableError('the sandbox payment service is unavailable');
      }
      if (paymentMethod === 'pm-outage') failFirst(await countAttempt(ledger, payment.orderId, 'chargeAttempts'));
      if (paymentMethod === 'pm-declined') return { outcome: 'declined', reason: 'card-declined' };
      if (paymentMethod === 'pm-slow') await ledger.sleep(slowMilliseconds);
      const { first, result } = await chargeOnce(ledger, payment);
      if (paymentMethod === 'pm-timeout' || (first && paymentMethod === 'pm-timeout-once')) {
        throw new PaymentUnavailableError('the sandbox payment service did not answer');
      }
      if (first && paymentMethod === 'pm-crash-once') ledger.crash();
      return result;
    },
    async refund(orderId) {
      const attempt = await countAttempt(ledger, orderId, 'refundAttempts');
      if (attempt.paymentMethod === 'pm-refund-outage') failFirst(attempt);
      if (await update(ledger, orderId, refundCharged)) return { outcome: 'refunded' };
      if (await update(ledger, orderId, voidUncharged)) return { outcome: 'voided' };
      // The charge arrived between the two updates, or the order was refunded before.
      await update(ledger, orderId, refundCharged);
      return { outcome: 'refunded' };
    },
  };
}

interface Attempt {
  readonly number: number;
  readonly paymentMethod: string | undefined;
}

async function countAttempt({ client, tableName }: SandboxLedger, orderId: string, counter: string): Promise<Attempt> {
  const { Attributes = {} } = await client.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: { orderId: { S: orderId } },
      UpdateExpression: 'SET #counter = if_not_exists(#counter, :none) + :one',
      ExpressionAttributeNames: { '#counter': counter },
      ExpressionAttributeValues: { ':one': { N: '1' }, ':none': { N: '0' } },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return { number: Number(Attributes[counter]?.N), paymentMethod: Attributes['paymentMethod']?.S };
}

function failFirst({ number }: Attempt): void {
  if (number <= outageAttempts) throw new PaymentUnavailableError('the sandbox payment service is unavailable');
}

/** Increments a counter instead of setting it to one, so that a double charge is visible. */
async function chargeOnce(
  { client, tableName }: SandboxLedger,
  { orderId, amount, currency, paymentMethod }: Payment,
): Promise<{ first: boolean; result: ChargeResult }> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { orderId: { S: orderId } },
        UpdateExpression:
          'SET #state = :charged, charges = if_not_exists(charges, :none) + :one, refunds = :none, amount = :amount, currency = :currency, paymentMethod = :method',
        ConditionExpression: 'attribute_not_exists(#state)',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':charged': { S: 'charged' },
          ':one': { N: '1' },
          ':none': { N: '0' },
          ':amount': { S: amount },
          ':currency': { S: currency },
          ':method': { S: paymentMethod },
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
  ConditionExpression: 'attribute_not_exists(#state) OR #state = :after',
  ExpressionAttributeValues: { ':after': { S: 'voided' }, ':none': { N: '0' } },
};

async function update(
  { client, tableName }: SandboxLedger,
  orderId: string,
  expressions: typeof refundCharged | typeof voidUncharged,
): Promise<boolean> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { orderId: { S: orderId } },
        ...expressions,
        ExpressionAttributeNames: { '#state': 'state' },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
