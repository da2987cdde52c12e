import { checkWatch, deploymentPasses } from '../../../tools/local/deployment-passes';
import type { Check, Scenario } from '../../../scenarios/shared/scenario';

const check = (name: string): Check => ({ name, title: name, run: () => Promise.resolve() });
const plain: Scenario = { slug: 'plain', smokeTest: check('smoke-test'), proofs: [check('good')] };
const queue: Scenario = {
  slug: 'queue',
  smokeTest: check('smoke-test'),
  proofs: [check('once'), check('twice')],
  settings: { timeoutSeconds: 5, batchSize: 10 },
  variants: [{ name: 'fifo', settings: { fifo: true }, proofs: [check('in-order')] }],
};
const slugs = ['plain', 'queue'];
const nothing = { prove: true, soak: undefined, only: [], overrides: [] };

function settingsIn({ overrides }: { overrides: readonly { slug: string; json: string }[] }): object {
  return Object.fromEntries(overrides.map(({ slug, json }) => [slug, JSON.parse(json) as unknown]));
}

test('smoke tests run with default settings, in one pass', () => {
  const passes = deploymentPasses(slugs, [], { ...nothing, prove: false });
  expect(passes).toEqual([{ overrides: [], slugs, only: [] }]);
});

test('proofs run with the settings of their scenario, then each variant with its own on top', () => {
  const [first, fifo, ...others] = deploymentPasses(slugs, [plain, queue], nothing);
  expect(settingsIn(first)).toEqual({ queue: { timeoutSeconds: 5, batchSize: 10 } });
  expect(fifo).toMatchObject({ slugs: ['queue'], variants: { queue: 'fifo' } });
  expect(fifo && settingsIn(fifo)).toEqual({ queue: { timeoutSeconds: 5, batchSize: 10, fifo: true } });
  expect(others).toEqual([]);
});

test('settings of the command line override those of the scenario', () => {
  const passes = deploymentPasses(slugs, [plain, queue], {
    ...nothing,
    overrides: [{ slug: 'queue', json: '{"timeoutSeconds":9}' }],
  });
  expect(passes.map(settingsIn)).toEqual([
    { queue: { timeoutSeconds: 9, batchSize: 10 } },
    { queue: { timeoutSeconds: 9, batchSize: 10, fifo: true } },
  ]);
});

test('only passes with a requested check run, each with its own checks', () => {
  const chosen = (only: string[]) =>
    deploymentPasses(slugs, [plain, queue], { ...nothing, only }).map((pass) => [pass.variants?.['queue'], pass.only]);
  expect(chosen(['once'])).toEqual([[undefined, ['once']]]);
  expect(chosen(['in-order'])).toEqual([['fifo', ['in-order']]]);
  expect(chosen(['once', 'in-order'])).toEqual([
    [undefined, ['once']],
    ['fifo', ['in-order']],
  ]);
});

test('the first requested variants of all architectures are deployed together', () => {
  const proofs = [check('on-mysql')];
  const more = [
    { name: 'mysql', settings: { engine: 'mysql' }, proofs },
    { name: 'oracle', settings: {}, proofs: [check('on-oracle')] },
  ];
  const both = [queue, { ...plain, variants: more }];
  const variantsOf = (only: string[]) =>
    deploymentPasses(slugs, both, { ...nothing, only }).map(({ variants }) => variants);
  expect(variantsOf([])).toEqual([undefined, { queue: 'fifo', plain: 'mysql' }, { plain: 'oracle' }]);
  expect(variantsOf(['in-order', 'on-oracle'])).toEqual([{ queue: 'fifo', plain: 'oracle' }]);
  expect(deploymentPasses(slugs, both, nothing)[1]).toMatchObject({ slugs: ['queue', 'plain'] });
});

test('a soak uses the settings of the first pass', () => {
  const passes = deploymentPasses(slugs, [plain, queue], { ...nothing, soak: '10m', only: ['soak-3'] });
  expect(passes.map(settingsIn)).toEqual([{ queue: { timeoutSeconds: 5, batchSize: 10 } }]);
  expect(passes).toMatchObject([{ slugs, only: ['soak-3'] }]);
});

test('an unknown check goes to the first pass, whose runner refuses it', () => {
  expect(deploymentPasses(slugs, [plain, queue], { ...nothing, only: ['onec'] })).toMatchObject([{ only: ['onec'] }]);
});

test('a watch is refused where its proofs need two deployments', () => {
  const watched = (only: string[], watch = true) =>
    checkWatch([{ slug: 'queue' }], [queue], { ...nothing, only, watch });
  expect(() => watched([])).toThrow('--watch: these proofs need a second deployment (fifo of queue)');
  expect(() => watched(['once', 'in-order'])).toThrow('name proofs of one with --only');
  expect(() => watched(['once'])).not.toThrow();
  expect(() => watched(['in-order'])).not.toThrow();
  expect(() => watched([], false)).not.toThrow();
});
