import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckResult, CheckToRun } from '../../../tools/scenario-runner/run-check';
import { runAll } from '../../../tools/scenario-runner/schedule';

function check(
  slug: string,
  kind: 'smoke-test' | 'proof',
  name: string,
  more: { alone?: true; takesMinutes?: true } = {},
): CheckToRun {
  const one = { name, title: name, run: () => Promise.resolve(), ...more };
  return { slug, kind, check: one, outputs: {} };
}

interface Observed {
  readonly order: string[];
  readonly beside: Record<string, string[]>;
  /** Checks that ran at the same time at most. */
  readonly most: number;
  readonly names: string[];
}

/** Runs the checks and tells, for each that started, which ran beside it. */
async function observe(checks: CheckToRun[]): Promise<Observed> {
  const going = new Set<string>();
  const beside: Record<string, string[]> = {};
  const order: string[] = [];
  let most = 0;
  const results = await runAll(checks, async ({ slug, kind, check: { name, title } }) => {
    const label = `${slug}/${name}`;
    order.push(label);
    for (const other of going) (beside[other] ??= []).push(label);
    beside[label] = [...going];
    going.add(label);
    most = Math.max(most, going.size);
    await sleep(5);
    going.delete(label);
    const report = {
      slug,
      kind,
      name,
      title,
      status: 'passed',
      start: 0,
      seconds: 0,
      steps: [],
      assertions: [],
      metrics: [],
      pictures: [],
    };
    return { report, pictures: [] } as CheckResult;
  });
  return { order, beside, most, names: results.map(({ report }) => `${report.slug}/${report.name}`) };
}

test('smoke tests run two at a time', async () => {
  const { most, names } = await observe(
    ['a', 'b', 'c', 'd', 'e'].map((slug) => check(slug, 'smoke-test', 'smoke-test')),
  );
  expect(most).toBe(2);
  expect(names).toEqual(['a/smoke-test', 'b/smoke-test', 'c/smoke-test', 'd/smoke-test', 'e/smoke-test']);
});

test('proofs of an architecture that has one of minutes start first', async () => {
  const short = ['a', 'b', 'c', 'd'].map((slug) => check(slug, 'proof', 'one'));
  const { order, names } = await observe([...short, check('e', 'proof', 'one', { takesMinutes: true })]);
  expect(order[0]).toBe('e/one');
  expect(names).toEqual(['a/one', 'b/one', 'c/one', 'd/one', 'e/one']);
});

test('proofs of an architecture run in sequence, those of three architectures in parallel', async () => {
  const slugs = ['a', 'b', 'c', 'd', 'e'];
  const checks = slugs.flatMap((slug) => [check(slug, 'proof', 'one'), check(slug, 'proof', 'two')]);
  const { beside, names } = await observe(checks);
  for (const [name, others] of Object.entries(beside)) {
    expect(others.filter((other) => other.startsWith(name.slice(0, 2)))).toEqual([]);
  }
  expect(beside['a/one']).toEqual(expect.arrayContaining(['b/one', 'c/one']));
  expect(beside['a/one']).not.toContain('d/one');
  expect(names).toEqual(checks.map(({ slug, check: { name } }) => `${slug}/${name}`));
});

test('a proof marked alone runs by itself, and results keep the order of the checks', async () => {
  const { beside, order, names } = await observe([
    check('a', 'proof', 'large', { alone: true }),
    check('a', 'proof', 'other'),
    check('b', 'proof', 'other'),
  ]);
  expect(beside['a/large']).toEqual([]);
  expect(order.at(-1)).toBe('a/large');
  expect(names).toEqual(['a/large', 'a/other', 'b/other']);
});
