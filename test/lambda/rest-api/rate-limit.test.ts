import fc from 'fast-check';
import { decide, rateLimitHeaders } from '../../../lambda/rest-api/rate-limit';

const limit = { requestsPerSecond: 10, burst: 5 };
const second = 1_000_000;

/** Number of requests admitted of those at these times. */
function admittedAt(times: readonly number[], one = limit): number {
  let until: number | undefined;
  return times.filter((now) => {
    const verdict = decide(one, until, now);
    until = verdict.until;
    return verdict.admitted;
  }).length;
}

it('admits the burst at once and the rate from then on', () => {
  expect(admittedAt(Array(20).fill(0))).toBe(5);
  const everyMillisecond = Array.from({ length: 10_000 }, (_, index) => index * 1_000);
  expect(admittedAt(everyMillisecond)).toBe(5 + 99);
});

it('admits no more than rate × time + burst in any window, and no less at a steady load', () => {
  const limits = fc.record({
    requestsPerSecond: fc.integer({ min: 1, max: 100 }),
    burst: fc.integer({ min: 1, max: 50 }),
  });
  const times = fc
    .array(fc.integer({ min: 0, max: 10 * second }), { maxLength: 300 })
    .map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(limits, times, (one, all) => {
      const seconds = ((all.at(-1) ?? 0) - (all[0] ?? 0)) / second;
      expect(admittedAt(all, one)).toBeLessThanOrEqual(
        Math.floor(one.requestsPerSecond * seconds * 1.00001) + one.burst,
      );
    }),
  );
});

it('says when the next request is admitted', () => {
  const slow = { requestsPerSecond: 0.5, burst: 1 };
  const first = decide(slow, undefined, 0);
  expect(first).toMatchObject({ admitted: true, remaining: 0, retrySeconds: 2 });
  expect(decide(slow, first.until, second)).toMatchObject({ admitted: false, retrySeconds: 1 });
  expect(decide(slow, first.until, 2 * second).admitted).toBe(true);
});

it('names the policy and what is left of it', () => {
  expect(rateLimitHeaders(limit, decide(limit, undefined, 0))).toEqual({
    'RateLimit-Policy': '"caller";q=5;w=1',
    RateLimit: '"caller";r=4',
  });
  expect(rateLimitHeaders(limit, decide(limit, 10 * second, 0))).toMatchObject({ RateLimit: '"caller";r=0;t=10' });
});
