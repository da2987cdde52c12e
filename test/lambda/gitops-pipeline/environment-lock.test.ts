import fc from 'fast-check';
import { claimed, decideClaim, type EnvironmentRecord } from '../../../lambda/gitops-pipeline/environment-lock';

const lockSeconds = 100;

/** Runs of a branch, each with a commit; the head moves from one to the next. */
interface Model {
  record: EnvironmentRecord;
  now: number;
  head: number;
  /** Base of each run's difference. */
  readonly bases: number[];
  /** Runs that deploy now, with the end of their locks. */
  readonly deploying: Map<number, number>;
  /** Runs by their order of deployment. */
  readonly deployed: number[];
}

type Action =
  | { readonly do: 'push' }
  | { readonly do: 'compare' | 'claim' | 'end'; readonly run: number }
  | { readonly do: 'wait'; readonly seconds: number };

const runs = fc.nat({ max: 5 });
const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    fc.constant({ do: 'push' as const }),
    fc.record({ do: fc.constantFrom('compare' as const, 'claim' as const, 'end' as const), run: runs }),
    fc.record({ do: fc.constant('wait' as const), seconds: fc.nat({ max: 40 }) }),
  ),
  { maxLength: 80 },
);

function step(model: Model, action: Action): void {
  if (action.do === 'push') model.head += 1;
  else if (action.do === 'wait') model.now += action.seconds;
  else if (action.run <= model.head) act(model, action.do, action.run);
}

function act(model: Model, what: 'compare' | 'claim' | 'end', run: number): void {
  const { record, now } = model;
  if (what === 'compare') model.bases[run] = record.deployments;
  if (what === 'end' && record.owner === String(run)) {
    model.deploying.delete(run);
    model.record = { deployments: record.deployments };
  }
  const claim = { runId: String(run), base: model.bases[run] ?? -1, now, isHead: run === model.head };
  if (what !== 'claim' || decideClaim(record, claim) !== 'deploy') return;
  model.record = claimed(record, claim, lockSeconds);
  if (!model.deploying.has(run)) model.deployed.push(run);
  model.deploying.set(run, model.record.until ?? 0);
}

function play(list: readonly Action[], check: (model: Model) => void): void {
  const model: Model = { record: { deployments: 0 }, now: 0, head: 0, bases: [], deploying: new Map(), deployed: [] };
  for (const action of list) {
    step(model, action);
    check(model);
  }
}

it('never do two runs hold an environment at once', () => {
  fc.assert(
    fc.property(actions, (list) => {
      play(list, ({ deploying, now }) => {
        const holders = [...deploying.values()].filter((until) => until > now);
        expect(holders.length).toBeLessThanOrEqual(1);
      });
    }),
    { numRuns: 500 },
  );
});

it('an older commit is never deployed after a newer one', () => {
  fc.assert(
    fc.property(actions, (list) => {
      play(list, ({ deployed }) => {
        expect(deployed).toEqual([...deployed].sort((one, other) => one - other));
      });
    }),
    { numRuns: 500 },
  );
});

it('what deploys had its difference made after the last deployment', () => {
  fc.assert(
    fc.property(fc.nat({ max: 9 }), fc.nat({ max: 9 }), (deployments, base) => {
      const decision = decideClaim({ deployments }, { runId: 'a', base, now: 1, isHead: true });
      expect(decision).toBe(deployments === base ? 'deploy' : 'compare');
    }),
  );
});

it('a run that deploys goes on, whatever is pushed meanwhile', () => {
  const record = { owner: 'a', until: 10, deployments: 3 };
  expect(decideClaim(record, { runId: 'a', base: 2, now: 5, isHead: false })).toBe('deploy');
  expect(claimed(record, { runId: 'a', base: 2, now: 5, isHead: false }, lockSeconds)).toBe(record);
});

it.each([
  ['waits for another run that has the lock', { owner: 'b', until: 10, deployments: 1 }, true, 'wait'],
  ['takes a lock that has ended', { owner: 'b', until: 5, deployments: 1 }, true, 'deploy'],
  [
    'is superseded by a newer commit, though it would wait',
    { owner: 'b', until: 10, deployments: 1 },
    false,
    'superseded',
  ],
] as const)('a run %s', (_, record, isHead, expected) => {
  expect(decideClaim(record, { runId: 'a', base: 1, now: 5, isHead })).toBe(expected);
});
