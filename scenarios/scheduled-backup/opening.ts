import type { ScenarioRun } from '../shared/scenario';
import { cleanUpBackups } from './clean-up';
import { longAgo, readDeployment, type Deployment } from './deployment';
import { putAll, randomObject, type SourceObject } from './source-objects';

/** What a check works with: the stack, a prefix and days of its own. */
export interface Opening {
  readonly from: Deployment;
  /** Of every key that the check puts. */
  readonly prefix: string;
  /** The first of the days. */
  readonly day: string;
  readonly days: readonly string[];
}

/**
 * Opens a check; what it puts under its prefix, and every backup of its days, is removed at its end.
 *
 * @param offsets of its days, counted from the first
 */
export function open(run: ScenarioRun, offsets: readonly number[] = [0]): Opening {
  const from = readDeployment(run);
  const days = offsets.map(longAgo(run));
  cleanUpBackups(run, from, days);
  return { from, prefix: `${run.runId}/`, day: days[0] ?? '', days };
}

/** Puts objects into the source, as a step of the check. */
export async function putSource(
  run: ScenarioRun,
  { from }: Opening,
  objects: readonly SourceObject[],
): Promise<readonly SourceObject[]> {
  await run.step(`put ${objects.length} objects`, () => putAll(from.s3, from.sourceBucket, objects));
  return objects;
}

/** Puts so many random objects, named by their number under the prefix. */
export async function putNumbered(
  run: ScenarioRun,
  opening: Opening,
  number: number,
  bytes: (index: number) => number,
): Promise<readonly SourceObject[]> {
  const { prefix } = opening;
  const objects = Array.from({ length: number }, (_, index) => randomObject(run, `${prefix}${index}`, bytes(index)));
  return putSource(run, opening, objects);
}
