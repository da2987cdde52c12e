/** First record of a batch that has to be delivered again, with all after it. */
export interface StreamFailure {
  readonly index: number;
  readonly error: unknown;
}
