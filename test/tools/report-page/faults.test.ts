import { faultAnswers, faultMatrix, faultStatus } from '../../../tools/report-page/faults';
import { resultsOf } from '../../../tools/report-page/results';
import type { FaultReport } from '../../../tools/local/run-report';
import type { CheckReport } from '../../../tools/scenario-runner/scenario-report';
import { failingReport, passingReport } from '../local/sample-report';

const results = resultsOf(failingReport());
const [result] = results;
if (result === undefined) throw new Error('the sample has no architecture');
const matrix = faultMatrix(results)?.text ?? '';
const answers = faultAnswers(result)?.text ?? '';

const check = (name: string, status: CheckReport['status']): CheckReport => {
  const [sample] = passingReport().scenarios?.checks ?? [];
  if (sample === undefined) throw new Error('the sample has no check');
  return { ...sample, name, status };
};
const provedBy = (...names: string[]): FaultReport => ({
  name: 'one',
  term: 'a fault',
  explanation: 'something fails',
  expected: 'an effect',
  answer: { provedBy: names },
});

describe('a fault', () => {
  it.each<[string, string[], [string, CheckReport['status']][], string]>([
    ['with a passed proof is proved', ['a', 'b'], [['a', 'passed']], 'passed'],
    [
      'with a failed proof is failed, even if others passed',
      ['a', 'b'],
      [
        ['a', 'passed'],
        ['b', 'failed'],
      ],
      'failed',
    ],
    ['whose proof was skipped is proved elsewhere', ['a'], [['a', 'skipped']], 'elsewhere'],
    ['whose proofs did not run is proved elsewhere', ['a', 'test/a.test.ts'], [['b', 'failed']], 'elsewhere'],
  ])('%s', (_promise, names, ran, standing) => {
    expect(
      faultStatus(
        provedBy(...names),
        ran.map(([name, status]) => check(name, status)),
      ),
    ).toBe(standing);
  });
});

it('every sign of the matrix links to its answer', () => {
  const targets = [...matrix.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(targets).toHaveLength(result.deployed?.faults?.length ?? -1);
  for (const id of targets) expect(answers).toContain(`<div id="${id}">`);
});

it('an answer links to the check that proved it, with its metrics', () => {
  expect(answers).toMatch(
    /href="#proof-image-resize-duplicates">an event that comes again[^<]*<\/a> <small>repeated events 20/,
  );
  expect(answers).toContain('Proof <code>odd-keys</code>, not part of this run');
  expect(answers).toContain('Not applicable: no database.');
  expect(answers).toContain('Cannot be shown on one machine: no proof kills it here.');
});

it('a run without proofs lists no faults', () => {
  const smokeTest = { ...result, checks: result.checks.filter(({ kind }) => kind === 'smoke-test') };
  expect(faultMatrix([smokeTest])).toBeUndefined();
  expect(faultAnswers(smokeTest)).toBeUndefined();
});

it('a report without faults has neither', () => {
  const bare = { ...result, deployed: undefined };
  expect(faultMatrix([bare])).toBeUndefined();
  expect(faultAnswers(bare)).toBeUndefined();
});
