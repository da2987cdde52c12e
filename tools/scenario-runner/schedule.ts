import pMap from 'p-map';
import type { CheckResult, CheckToRun } from './run-check';

const smokeTestConcurrency = 2;
/** Architectures whose proofs run at the same time. Proofs mostly wait: two cores carry three. */
const proofConcurrency = 3;

/**
 * Runs every check once and gives the results in the order of the checks. Smoke tests run two at a time. Proofs of one
 * architecture run one after the other, since some of them change its machine, take rights from its functions, or count what
 * it holds; those of several architectures run side by side, the longest first, and last, one by one, those that run alone.
 *
 * @param run must not reject
 */
export async function runAll(
  checks: readonly CheckToRun[],
  run: (check: CheckToRun) => Promise<CheckResult>,
): Promise<CheckResult[]> {
  const results = new Map<CheckToRun, CheckResult>();
  const runInTurn = async (sequence: readonly CheckToRun[]): Promise<void> => {
    for (const check of sequence) results.set(check, await run(check));
  };
  const smokeTests = checks.filter(({ kind }) => kind === 'smoke-test').map((check) => [check]);
  const alone = checks.filter(({ kind, check }) => kind === 'proof' && check.alone === true);
  const others = checks.filter((check) => check.kind === 'proof' && !alone.includes(check));
  const slugs = [...new Set(others.map(({ slug }) => slug))];
  const sequences = slugs.map((slug) => others.filter((check) => check.slug === slug));
  const takeMinutes = (proofs: readonly CheckToRun[]): boolean =>
    proofs.some(({ check }) => check.takesMinutes === true);
  const [long, short] = [sequences.filter(takeMinutes), sequences.filter((proofs) => !takeMinutes(proofs))];
  await pMap(smokeTests, runInTurn, { concurrency: smokeTestConcurrency });
  await pMap([...long, ...short], runInTurn, { concurrency: proofConcurrency });
  await runInTurn(alone);
  return checks.flatMap((check) => results.get(check) ?? []);
}
