/** The delays after which a failed message becomes visible again, in seconds. */
export interface Backoff {
  /** The most that is waited after the first receive; doubles with each further one. */
  readonly baseSeconds: number;
  readonly capSeconds: number;
}

/** For a message that no waiting can help: it is set aside soon, and holds up nobody until then. */
export const soonSeconds = 1;

/**
 * Full jitter: somewhere between one second and a ceiling that doubles with each receive, so that messages that failed
 * together do not come back together.
 *
 * @param receiveCount how often the message has been received, this time included
 * @param random at least 0 and below 1
 */
export function backoffSeconds(receiveCount: number, { baseSeconds, capSeconds }: Backoff, random: number): number {
  const ceiling = Math.min(capSeconds, baseSeconds * 2 ** Math.max(0, receiveCount - 1));
  return Math.max(1, Math.ceil(random * ceiling));
}

/** The wait before a transaction is tried again within one invocation, in milliseconds: full jitter too. */
export function pauseMilliseconds(attempt: number, random: number): number {
  return Math.ceil(random * Math.min(1_000, 50 * 2 ** (attempt - 1)));
}
