import { simulate, type SimulatedRun } from '../../../../tools/bench/scheduled-backup/simulation';

const settings = { batchItems: 100, partEntries: 1_000, concurrency: 5, objectsAtOnce: 16 };
const [small, twice] = [20_000, 40_000];
let runs: readonly [SimulatedRun, SimulatedRun];

beforeAll(async () => {
  runs = await Promise.all([simulate({ ...settings, objects: small }), simulate({ ...settings, objects: twice })]);
});

/** Requests and seconds of a step, at the size that a straight line through both runs reaches. */
function extrapolated(step: string, objects: number): { readonly seconds: number; readonly requests: number } {
  const [one, other] = runs.map(({ steps }) => steps.find((each) => each.step === step)!) as [Step, Step];
  const line = (at: (of: Step) => number): number =>
    at(one) + ((at(other) - at(one)) / (twice - small)) * (objects - small);
  return { seconds: line(({ seconds }) => seconds), requests: line(requestsOf) };
}

type Step = SimulatedRun['steps'][number];
const requestsOf = ({ requests }: Step): number => Object.values(requests).reduce((sum, one) => sum + one, 0);

it('the memory of a backup and the parts of its manifest do not grow with the number of objects', () => {
  const [one, other] = runs;
  expect(other.mostHeld).toBe(one.mostHeld);
  expect(one.mostHeld).toBeLessThanOrEqual(settings.partEntries + 32 * settings.batchItems);
  expect(other.longestPart / one.longestPart).toBeCloseTo(1, 1);
  expect(other.longestPart).toBeLessThan(settings.partEntries * 400);
});

it('the history of the execution grows by the invocations of two steps alone', () => {
  expect(runs.map(({ events }) => events)).toEqual([45, 45]);
});

it.each([
  // HEAD, copy and HEAD for each object; lock, progress and record for each batch.
  ['copy', 3 * 10_000_000 + 3 * 100_000],
  // Each record read, each part written, a page for a thousand records, lock and failures.
  ['write', 100_000 + 10_000 + 100],
  ['verify', 10_000_000],
  ['complete', 10_000 + 10],
  ['prune', 2 * 10_000],
  ['report a restore', 10_000 + 10],
])('ten million objects take a known number of requests to %s', (step, requests) => {
  expect(extrapolated(step, 10_000_000).requests / requests).toBeCloseTo(1, 2);
});

it('twice the objects take at most twice the time in every step', () => {
  const [one, other] = runs;
  for (const [index, { seconds }] of one.steps.entries()) {
    expect(other.steps[index]!.seconds).toBeLessThan(2.1 * seconds);
  }
});
