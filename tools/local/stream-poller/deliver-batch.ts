import { firstFailure, type Answer } from './batch-answer';
import type { StreamMapping } from './mapping';
import type { StreamRecord } from './stream-source';

/**
 * Reason for which records were given up. AWS documents only the first by name; the other is in records that Lambda wrote:
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/event_source_mapping/test_lambda_integration_kinesis.py
 */
export type DiscardCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface Discarded {
  readonly records: readonly StreamRecord[];
  readonly condition: DiscardCondition;
  /** Invocations of this batch. */
  readonly invocations: number;
  readonly functionError: string | undefined;
}

export interface BatchDelivery {
  readonly mapping: StreamMapping;
  readonly invoke: (records: readonly StreamRecord[]) => Promise<Answer>;
  /** Sends the records to the on-failure destination, if there is one. */
  readonly discard: (discarded: Discarded) => Promise<void>;
  readonly now: () => number;
  /** Waits before the next invocation of records that failed; AWS documents no spacing. */
  readonly pause: (failures: number) => Promise<void>;
}

interface Attempt {
  readonly records: readonly StreamRecord[];
  readonly retries: number;
  readonly invocations: number;
  readonly functionError: string | undefined;
}

/**
 * Processes a batch of one shard until each record is processed or discarded, in order.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export async function deliverBatch(records: readonly StreamRecord[], delivery: BatchDelivery): Promise<void> {
  const waiting: Attempt[] = [firstAttempt(records)];
  for (let failures = 0; waiting.length > 0;) {
    const attempt = await withoutExpired(waiting.shift() ?? firstAttempt([]), delivery);
    if (attempt.records.length === 0) continue;
    const answer = await delivery.invoke(attempt.records);
    const next = await afterAnswer(attempt, answer, delivery);
    waiting.unshift(...next);
    // A batch that was cut or split is another one.
    const isSame = next.length === 1 && next[0]?.records.length === attempt.records.length;
    failures = isSame ? failures + 1 : 0;
    if (isSame) await delivery.pause(failures);
  }
}

function firstAttempt(records: readonly StreamRecord[]): Attempt {
  return { records, retries: 0, invocations: 0, functionError: undefined };
}

/** Discards the records that have become older than the mapping allows. */
async function withoutExpired(attempt: Attempt, { mapping, discard, now }: BatchDelivery): Promise<Attempt> {
  const oldest = now() - mapping.maximumAgeMilliseconds;
  const records = attempt.records.filter(({ arrivedAt }) => arrivedAt < oldest);
  if (records.length === 0) return attempt;
  const { invocations, functionError } = attempt;
  await discard({ records, condition: 'RecordAgeExceeded', invocations, functionError });
  return { ...attempt, records: attempt.records.filter((record) => !records.includes(record)) };
}

/** Returns what is left of a batch after an invocation. */
async function afterAnswer(attempt: Attempt, answer: Answer, delivery: BatchDelivery): Promise<readonly Attempt[]> {
  const { mapping, discard } = delivery;
  // Not invoked: retried until the records are too old, whatever the quota of retries.
  if (answer === 'not-invoked') return [attempt];
  const { records, retries } = attempt;
  const { functionError } = answer;
  const index = firstFailure(records, answer, mapping.reportsItemFailures);
  if (index === undefined) return [];
  // The batch is cut at the checkpoint. Whether its rest has used up a retry is not documented.
  if (index > 0) return [firstAttempt(records.slice(index))];
  const tried = { ...attempt, invocations: attempt.invocations + 1, functionError };
  if (mapping.bisects && functionError !== undefined && records.length > 1) {
    // Splitting does not use up the quota of retries.
    const middle = Math.ceil(records.length / 2);
    return [records.slice(0, middle), records.slice(middle)].map((half) => ({ ...tried, records: half }));
  }
  if (retries < mapping.maximumRetries) return [{ ...tried, retries: retries + 1 }];
  await discard({ records, condition: 'RetryAttemptsExhausted', invocations: tried.invocations, functionError });
  return [];
}
