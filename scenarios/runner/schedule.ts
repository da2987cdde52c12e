import { inLanes } from '../in-lanes';
import type { CheckResult, CheckToRun } from './run-check';

const toursSideBySide = 2;
const architecturesProvedSideBySide = 2;

/**
 * Runs every check once and gives the results in the order of the checks. Tours run two at a time; proofs of one
 * architecture one after the other, those of two architectures side by side; a check that needs quiet runs alone, last.
 *
 * @param run must not reject
 */
export async function runAll(
  checks: readonly CheckToRun[],
  run: (check: CheckToRun) => Promise<CheckResult>,
): Promise<CheckResult[]> {
  const results = new Map<CheckToRun, CheckResult>();
  const runInTurn = async (lane: readonly CheckToRun[]): Promise<void> => {
    for (const check of lane) results.set(check, await run(check));
  };
  const quiet = checks.filter(({ check }) => check.needs === 'quiet');
  const others = checks.filter(({ check }) => check.needs !== 'quiet');
  const tours = others.filter(({ kind }) => kind === 'tour').map((check) => [check]);
  const slugs = [...new Set(others.map(({ slug }) => slug))];
  const proofs = slugs.map((slug) => others.filter((check) => check.kind === 'proof' && check.slug === slug));
  await inLanes(tours, toursSideBySide, runInTurn);
  await inLanes(proofs, architecturesProvedSideBySide, runInTurn);
  await runInTurn(quiet);
  return checks.flatMap((check) => results.get(check) ?? []);
}
