import type { StreamRecord } from './stream-source';

/** Answer of a function to a batch; `not-invoked` if Lambda turned the call away. */
export type Answer = 'not-invoked' | { readonly functionError: string | undefined; readonly response: unknown };

/**
 * Index of the first record that has to be retried, or undefined if the batch has succeeded.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html#streams-batchfailurereporting-conditions
 */
export function firstFailure(
  records: readonly StreamRecord[],
  { functionError, response }: Exclude<Answer, 'not-invoked'>,
  reportsItemFailures: boolean,
): number | undefined {
  if (functionError !== undefined) return 0;
  if (!reportsItemFailures) return undefined;
  const { batchItemFailures } = (response ?? {}) as { batchItemFailures?: readonly unknown[] | null };
  if (batchItemFailures === undefined || batchItemFailures === null || batchItemFailures.length === 0) return undefined;
  const indexes = batchItemFailures.map((failure) => {
    const { itemIdentifier } = (failure ?? {}) as { itemIdentifier?: unknown };
    // An identifier that is empty, null, misspelled or of no record of the batch fails the whole batch.
    return Math.max(
      0,
      records.findIndex(({ sequenceNumber }) => sequenceNumber === itemIdentifier),
    );
  });
  return Math.min(...indexes);
}
