/** Requests of one caller: so many at once, and so many a second from then on. */
export interface RateLimit {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

/** Whether a request is admitted, and when the next ones are. */
export interface Verdict {
  readonly admitted: boolean;
  /** Time from which all of the burst is free again, in microseconds since 1970. */
  readonly until: number;
  /** Requests that would be admitted at once now. */
  readonly remaining: number;
  /** Seconds until the next request is admitted, rounded up; 0 where one is now. */
  readonly retrySeconds: number;
}

/** Microseconds in which one request becomes free. */
export function intervalOf({ requestsPerSecond }: RateLimit): number {
  return Math.round(1_000_000 / requestsPerSecond);
}

/** Latest `until` at which a request is admitted. */
export function latest(limit: RateLimit, now: number): number {
  return now + (limit.burst - 1) * intervalOf(limit);
}

/**
 * Decides on a request by the generic cell rate algorithm: one number for each caller, and no window at whose border twice as many
 * requests would pass. Over any time no more than rate × time + burst are admitted.
 *
 * https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 *
 * @param until of the caller's last request; undefined for the first
 * @param now in microseconds since 1970
 */
export function decide(limit: RateLimit, until: number | undefined, now: number): Verdict {
  const interval = intervalOf(limit);
  const from = Math.max(until ?? now, now);
  const admitted = from <= latest(limit, now);
  const after = admitted ? from + interval : from;
  const remaining = Math.max(0, Math.floor((latest(limit, now) - after) / interval) + 1);
  const wait = remaining > 0 ? 0 : after - latest(limit, now);
  return { admitted, until: after, remaining, retrySeconds: Math.ceil(wait / 1_000_000) };
}

/**
 * Header fields of draft-ietf-httpapi-ratelimit-headers-10: the policy, and what is left of it.
 *
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/10/
 */
export function rateLimitHeaders(limit: RateLimit, { remaining, retrySeconds }: Verdict): Record<string, string> {
  const window = Math.ceil(limit.burst / limit.requestsPerSecond);
  const reset = remaining === 0 ? `;t=${retrySeconds}` : '';
  return {
    'RateLimit-Policy': `"caller";q=${limit.burst};w=${window}`,
    RateLimit: `"caller";r=${remaining}${reset}`,
  };
}
