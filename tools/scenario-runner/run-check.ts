import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultInjector } from '../../scenarios/shared/faults/fault-injector';
import type { Check } from '../../scenarios/shared/scenario';
import type { CheckReport } from './scenario-report';
import { AssertionError, RecordedRun, type Picture } from './recorded-run';
import type { Progress } from './progress';
import { seededRandom } from './random';

export interface CheckToRun {
  readonly slug: string;
  readonly kind: 'smoke-test' | 'proof';
  readonly check: Check;
  readonly outputs: Readonly<Record<string, string>>;
  /** The variant of the architecture that is deployed, where it is one. */
  readonly variant?: string;
}

export interface CheckResult {
  readonly report: CheckReport;
  readonly pictures: readonly Picture[];
}

const defaultSeconds = { 'smoke-test': 600, proof: 1_800 };
/** What a check that was stopped gets to notice, before its clean-ups begin. */
const settlingMilliseconds = 10_000;

/** What all checks of a run have in common. */
export interface CheckSurroundings {
  readonly seed: number;
  readonly progress: Progress;
  /** Aborted by Ctrl-C: the check ends at its next step, its clean-ups still run. */
  readonly stop: AbortSignal;
  readonly faults?: FaultInjector;
}

/**
 * Runs one check to its end, then its clean-ups, whatever became of it.
 */
export async function runCheck(toRun: CheckToRun, environment: CheckSurroundings): Promise<CheckResult> {
  const { slug, kind, check, outputs } = toRun;
  const { seed, progress, stop, faults } = environment;
  if (check.needs === 'faults' && faults === undefined) return skip(toRun, progress);
  const started = performance.now();
  const limit = timeLimit(check.name, check.withinSeconds ?? defaultSeconds[kind]);
  const signal = AbortSignal.any([stop, limit.signal]);
  const runId = `s${randomBytes(4).toString('hex')}`;
  const random = seededRandom(seed, `${slug}/${check.name}`);
  const run = new RecordedRun(slug, check.name, outputs, runId, random, progress, signal, faults);
  progress.checkStarts(slug, check.name, check.title);
  const broken = await runBody(check, run, signal);
  limit.clear();
  const failures = [...broken, ...(await run.cleanUps())];
  const { steps, assertions, metrics, pictures } = run;
  const report: CheckReport = {
    ...headOf(toRun),
    status: failures.length === 0 ? 'passed' : 'failed',
    seconds: (performance.now() - started) / 1000,
    ...(failures.length === 0 ? {} : { error: describe(failures[0]) }),
    steps,
    assertions,
    metrics,
    pictures: [],
  };
  progress.checkEnds(report);
  return { report, pictures };
}

/** Never passed: nothing was seen of what it promises. */
function skip(toRun: CheckToRun, progress: Progress): CheckResult {
  const report: CheckReport = {
    ...headOf(toRun),
    status: 'skipped',
    skipped: 'nobody can inject faults here: a local run (npm run prove) does',
    seconds: 0,
    steps: [],
    assertions: [],
    metrics: [],
    pictures: [],
  };
  progress.checkEnds(report);
  return { report, pictures: [] };
}

function headOf({ slug, kind, check, variant }: CheckToRun): Pick<CheckReport, 'slug' | 'kind' | 'name' | 'title'> {
  const { name, title } = check;
  return { slug, kind, name, title, ...(variant === undefined ? {} : { variant }) };
}

/** What failed, the most telling first. */
async function runBody(check: Check, run: RecordedRun, signal: AbortSignal): Promise<unknown[]> {
  const before = stopReason(signal);
  if (before.length > 0) return before;
  const body = check.run(run).then(
    (): unknown[] => [],
    (error: unknown) => [error],
  );
  const stopped = aborted(signal).then(() => sleep<unknown[]>(settlingMilliseconds, [], { ref: false }));
  const failures = await Promise.race([body, stopped]);
  // A check that swallowed its assertion's error has failed all the same.
  const broken = run.assertions.find(({ passed }) => !passed);
  if (failures.length === 0 && broken !== undefined) failures.push(new AssertionError(broken.assertion));
  // The reason of the stop says more than whatever it made fail.
  return [...stopReason(signal), ...failures];
}

function stopReason(signal: AbortSignal): unknown[] {
  return signal.aborted ? [signal.reason as unknown] : [];
}

function timeLimit(name: string, seconds: number): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new Error(`${name} took longer than its limit of ${seconds} s`));
  const timer = setTimeout(abort, seconds * 1000);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function describe(error: unknown): NonNullable<CheckReport['error']> {
  if (!(error instanceof Error)) return { message: String(error) };
  const message = error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
  return { message, ...(error.stack === undefined ? {} : { stack: error.stack }) };
}
