import { setTimeout as sleep } from 'node:timers/promises';
import type { Check, ScenarioRun } from '../shared/scenario';
import type { DocumentsClient } from './client';
import { openClient } from './deployment';

/** Settings of the variant that this proof is for. */
export const callerLimit = { requestsPerSecond: 10, burst: 20 };

const seconds = 20;
const atOnce = 8;

export const callerLimitProof: Check = {
  name: 'caller-limit',
  title: 'a caller gets no more than its rate and burst from many environments at once, and no less than 95 % of it',
  async run(run) {
    const [greedy, modest] = [await openClient(run, 'greedy'), await openClient(run, 'modest')];
    const [{ admitted, refused, elapsed }, others] = await run.step(`${seconds} s of requests, ${atOnce} at once`, () =>
      Promise.all([send(run, greedy), modestRequests(modest)]),
    );
    const allowed = callerLimit.requestsPerSecond * elapsed + callerLimit.burst;
    run.assert(admitted <= allowed, `no more than rate × time + burst: ${allowed.toFixed(1)}`, String(admitted));
    run.assert(admitted >= 0.95 * allowed, 'no less than 95 % of it', `${admitted} of ${allowed.toFixed(1)}`);
    run.assert(refused > 0, 'the others are refused', String(refused));
    run.assertEqual(others, 'all admitted', 'requests of another caller below its rate');
    run.metric('admitted', admitted);
    run.metric('refused', refused);
  },
};

async function send(run: ScenarioRun, client: DocumentsClient) {
  const started = Date.now();
  let [admitted, refused] = [0, 0];
  const worker = async (): Promise<void> => {
    while (Date.now() - started < seconds * 1_000) {
      const { status, headers, body } = await client.list();
      if (status === 200) admitted += 1;
      else if (status === 429) refused += 1;
      else throw new Error(`expected 200 or 429, got ${status}: ${JSON.stringify(body)}`);
      if (status === 429 && !(Number(headers.get('retry-after')) > 0 && headers.get('ratelimit')?.includes('r=0')))
        throw new Error(`429 without Retry-After or RateLimit: ${JSON.stringify([...headers])}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const elapsed = (Date.now() - started) / 1_000;
  run.log(`${admitted} admitted and ${refused} refused in ${elapsed.toFixed(1)} s`);
  return { admitted, refused, elapsed };
}

async function modestRequests(client: DocumentsClient): Promise<string> {
  for (let n = 0; n < seconds / 2; n += 1) {
    const { status } = await client.list();
    if (status !== 200) return `request ${n + 1} got ${status}`;
    await sleep(1_000);
  }
  return 'all admitted';
}
