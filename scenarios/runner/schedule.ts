import { inLanes } from '../in-lanes';
import type { CheckResult, CheckToRun } from './run-check';

const toursSideBySide = 2;
/** Proofs wait more than they work; a fourth lane ends no sooner on two cores. */
const architecturesProvedSideBySide = 3;

/**
 * Runs every check once and gives the results in the order of the checks. Tours run two at a time. Proofs of one
 * architecture run one after the other, since some of them change its machine, take rights from its functions, or count what
 * it holds; those of several architectures run side by side.
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
  const tours = checks.filter(({ kind }) => kind === 'tour').map((check) => [check]);
  const slugs = [...new Set(checks.map(({ slug }) => slug))];
  const proofs = slugs.map((slug) => checks.filter((check) => check.kind === 'proof' && check.slug === slug));
  await inLanes(tours, toursSideBySide, runInTurn);
  await inLanes(proofs, architecturesProvedSideBySide, runInTurn);
  return checks.flatMap((check) => results.get(check) ?? []);
}
