/** First record of a batch that has to be delivered again, with all after it. */
export interface StreamFailure {
  readonly index: number;
  readonly error: unknown;
}

export interface StreamResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Response of a function to a batch of a stream.
 *
 * Names the first record that failed: Lambda delivers it again with all after it. Where that is the batch's first, the function
 * fails instead: only an error of the function makes Lambda split a batch for sure.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 *
 * @throws the error of the first record
 */
export function streamResponse(
  records: readonly { readonly sequenceNumber: string }[],
  failure: StreamFailure | undefined,
): StreamResponse {
  if (failure === undefined) return { batchItemFailures: [] };
  if (failure.index === 0) throw failure.error;
  return { batchItemFailures: [{ itemIdentifier: records[failure.index]?.sequenceNumber ?? '' }] };
}
