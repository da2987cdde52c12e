import { runChecks } from '../../../tools/scenario-runner/run-checks';
import type { Check } from '../../../scenarios/shared/scenario';
import { testEnvironment } from './test-environment';

const check = (name: string, run: Check['run'] = async () => {}): Check => ({ name, title: name, run });
const scenario = {
  slug: 'sample',
  smokeTest: check('smoke-test'),
  proofs: [check('good'), check('bad', () => Promise.reject(new Error('broken')))],
};

async function run(prove: boolean, only: string[] = []) {
  const settings = { scenarios: [{ scenario, outputs: {} }], prove, only, target: 'here' };
  const { report } = await runChecks(settings, testEnvironment());
  return report;
}

test('smoke tests run by default, proofs with the option', async () => {
  expect((await run(false)).checks.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['smoke-test smoke-test']);
  expect((await run(true)).checks.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['proof good', 'proof bad']);
});

test('a failed check is counted, and the others run', async () => {
  expect(await run(true)).toMatchObject({ passed: 1, failed: 1 });
});

test('one check can be selected', async () => {
  expect((await run(true, ['good'])).checks.map(({ name }) => name)).toEqual(['good']);
});

test('an unknown check is an error that names the known ones', async () => {
  await expect(run(true, ['godo'])).rejects.toThrow(`no check is named 'godo': use one of good, bad`);
});

test('a variant has its own proofs, and its name is in the report', async () => {
  const fifo = { name: 'fifo', settings: { fifo: true }, proofs: [check('in-order')] };
  const varied = { scenarios: [{ scenario: { ...scenario, variants: [fifo] }, outputs: {} }], prove: true, only: [] };
  const settings = { ...varied, target: 'here' };
  const { report } = await runChecks({ ...settings, variants: ['fifo', 'mysql'] }, testEnvironment());
  expect(report.checks).toMatchObject([{ name: 'in-order', variant: 'fifo' }]);
  await expect(runChecks({ ...settings, variants: ['lifo'] }, testEnvironment())).rejects.toThrow(
    '--variant lifo: sample has none of them: use one of fifo',
  );
});

test('a skipped check is neither passed nor failed', async () => {
  const needy = { ...scenario, proofs: [{ ...check('kills'), needs: 'faults' as const }] };
  const settings = { scenarios: [{ scenario: needy, outputs: {} }], prove: true, only: [], target: 'here' };
  const { report } = await runChecks(settings, testEnvironment());
  expect(report).toMatchObject({ passed: 0, failed: 0, skipped: 1 });
});
