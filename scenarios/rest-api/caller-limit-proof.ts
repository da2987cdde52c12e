import { setTimeout as sleep } from 'node:timers/promises';
import { decide } from '../../lambda/rest-api/rate-limit';
import type { Check } from '../shared/scenario';
import type { DocumentsClient } from './client';
import { apiKeyOf, clientOf } from './deployment';
import { addUser } from './users';

/** Settings of the variant that this proof is for: a rate that a slow machine exceeds too. */
export const callerLimit = { requestsPerSecond: 5, burst: 20 };

const seconds = 15;
/** Each is an execution environment of its own. */
const atOnce = 8;
/** Between two requests of one sender: together they ask for several times the rate, and a small machine has time for others. */
const pauseMilliseconds = 60;

export const callerLimitProof: Check = {
  name: 'caller-limit',
  title: 'a caller gets no more than its rate and burst from many environments at once, and no less than 95 % of it',
  // It measures a rate, and its requests leave a small machine no time for others.
  alone: true,
  async run(run) {
    const apiKey = await apiKeyOf(run);
    // Without the clean-up of documents, which the limit would refuse: there are none.
    const clientFor = async (name: string): Promise<DocumentsClient> =>
      clientOf(run, apiKey, (await addUser(run, name)).access);
    const [greedy, modest] = [await clientFor('greedy'), await clientFor('modest')];
    await run.step('start the environments, and wait for the whole burst', async () => {
      await Promise.all(Array.from({ length: atOnce }, () => greedy.list()));
      await sleep((callerLimit.burst / callerLimit.requestsPerSecond) * 1_000 + 500);
    });
    const [answers, others] = await run.step(`${seconds} s of requests, ${atOnce} at once`, () =>
      Promise.all([send(greedy), modestRequests(modest)]),
    );
    const admitted = answers.filter(({ status }) => status === 200).length;
    const elapsed =
      (Math.max(...answers.map(({ end }) => end)) - Math.min(...answers.map(({ start }) => start))) / 1_000;
    const allowed = callerLimit.requestsPerSecond * elapsed + callerLimit.burst;
    run.log(`${admitted} of ${answers.length} admitted in ${elapsed.toFixed(1)} s`);
    run.assert(admitted <= allowed, `no more than rate × time + burst: ${allowed.toFixed(1)}`, String(admitted));
    const expected = admissible(answers);
    run.assert(
      admitted >= 0.95 * expected,
      'no less than 95 % of what one limiter admits',
      `${admitted} of ${expected}`,
    );
    run.assert(answers.length > admitted, 'the others are refused', String(answers.length - admitted));
    run.assertEqual(others, 'all admitted', 'requests of another caller below its rate');
    run.metric('admitted', admitted);
    run.metric('rate × time + burst', allowed.toFixed(1));
    run.metric('refused', answers.length - admitted);
  },
};

interface Answered {
  readonly status: number;
  /** In milliseconds. */
  readonly start: number;
  readonly end: number;
}

async function send(client: DocumentsClient): Promise<Answered[]> {
  const until = Date.now() + seconds * 1_000;
  const answers: Answered[] = [];
  const sender = async (): Promise<void> => {
    while (Date.now() < until) {
      const start = Date.now();
      const { status, headers, body } = await client.list();
      answers.push({ status, start, end: Date.now() });
      if (status !== 200 && status !== 429)
        throw new Error(`expected 200 or 429, got ${status}: ${JSON.stringify(body)}`);
      if (status === 429 && !(Number(headers.get('retry-after')) > 0 && headers.get('ratelimit')?.includes('r=0')))
        throw new Error(`429 without Retry-After or RateLimit: ${JSON.stringify([...headers])}`);
      await sleep(pauseMilliseconds);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return answers;
}

/**
 * Requests that a single limiter would admit of those that were sent: fewer than rate × time + burst after a pause of them all. When a
 * request was decided is not known on a slow machine: the least that its start, its end or the middle give.
 */
function admissible(answers: readonly Answered[]): number {
  const shares = [0, 0.5, 1];
  return Math.min(
    ...shares.map((share) => admittedAt(answers.map(({ start, end }) => Math.round(start + share * (end - start))))),
  );
}

function admittedAt(milliseconds: readonly number[]): number {
  const moments = milliseconds.map((one) => one * 1_000).sort((one, other) => one - other);
  let until: number | undefined;
  return moments.filter((now) => {
    const verdict = decide(callerLimit, until, now);
    ({ until } = verdict);
    return verdict.admitted;
  }).length;
}

async function modestRequests(client: DocumentsClient): Promise<string> {
  for (let n = 0; n < seconds / 2; n += 1) {
    const { status } = await client.list();
    if (status !== 200) return `request ${n + 1} got ${status}`;
    await sleep(1_000);
  }
  return 'all admitted';
}
