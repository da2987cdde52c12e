/** Delays after which a failed message becomes visible again, in seconds. */
export interface Backoff {
  /** Longest delay after the first receive; doubles with each further one. */
  readonly baseSeconds: number;
  readonly capSeconds: number;
}

/** Delay of a message that no retry can help: it soon reaches the dead-letter queue. */
export const permanentFailureDelaySeconds = 1;

/**
 * Returns a delay between one second and a ceiling that doubles with each receive (full jitter), so that messages that
 * failed together do not return together.
 *
 * @param receiveCount how often the message has been received, this time included
 * @param random at least 0 and below 1
 */
export function backoffSeconds(receiveCount: number, { baseSeconds, capSeconds }: Backoff, random: number): number {
  const ceiling = Math.min(capSeconds, baseSeconds * 2 ** Math.max(0, receiveCount - 1));
  return Math.max(1, Math.ceil(random * ceiling));
}

/** Returns the delay before a transaction is retried within one invocation, in milliseconds, with full jitter. */
export function retryDelayMilliseconds(attempt: number, random: number): number {
  return Math.ceil(random * Math.min(1_000, 50 * 2 ** (attempt - 1)));
}
