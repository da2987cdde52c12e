import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBrowser } from '../../scenarios/shared/browser/find-browser';
import type { FaultInjector } from '../../scenarios/shared/faults/fault-injector';
import type { Check } from '../../scenarios/shared/scenario';
import type { CheckReport } from './scenario-report';
import { AssertionError, RecordedRun, type Picture } from './recorded-run';
import { errorText, describeFailure, type FunctionFailure, type FunctionObserver } from './function-observer';
import type { CheckProgress, Progress } from './progress';
import { seededRandom } from './random';

export interface CheckToRun {
  readonly slug: string;
  readonly kind: 'smoke-test' | 'proof';
  readonly check: Check;
  readonly outputs: Readonly<Record<string, string>>;
  /** Deployed variant of the architecture, if it is one. */
  readonly variant?: string;
}

export interface CheckResult {
  readonly report: CheckReport;
  readonly pictures: readonly Picture[];
}

const defaultSeconds = { 'smoke-test': 600, proof: 1_800 };
/** Time for a stopped check to end before its clean-ups start. */
const stopMilliseconds = 10_000;

/** Context that all checks of a run share. */
export interface TestEnvironment {
  readonly seed: number;
  readonly progress: Progress;
  /** Aborted by Ctrl-C: the check ends at its next step; its clean-ups still run. */
  readonly stop: AbortSignal;
  readonly faults?: FaultInjector;
  readonly observer?: FunctionObserver;
  /** Start of the run, in milliseconds since 1970. */
  readonly startedAt: number;
}

/** Runs one check, then its clean-ups, also after a failure. */
export async function runCheck(toRun: CheckToRun, environment: TestEnvironment): Promise<CheckResult> {
  const { slug, kind, check, outputs } = toRun;
  const { seed, stop, faults, observer } = environment;
  const progress = environment.progress.check(slug, check.name, check.title);
  const started = Date.now();
  const start = (started - environment.startedAt) / 1000;
  const missing = missingNeed(check, faults);
  if (missing !== undefined) return skip(toRun, missing, start, progress);
  const limit = timeLimit(check.name, check.withinSeconds ?? defaultSeconds[kind]);
  const signal = AbortSignal.any([stop, limit.signal]);
  const runId = `s${randomBytes(4).toString('hex')}`;
  const random = seededRandom(seed, `${slug}/${check.name}`);
  const expected = check.needs === 'faults' ? 'all' : (check.expectedErrors ?? []);
  const endExpectation = observer?.expectErrors(slug, expected);
  const hopeless = (): Error | undefined => {
    const failure = observer?.permanentFailure(slug, started);
    return failure && new Error(describeFailure(failure));
  };
  const run = new RecordedRun({
    ...{ slug, outputs, runId, random, progress, signal, hopeless },
    ...(faults === undefined ? {} : { faults }),
  });
  const broken = await runBody(check, run, signal);
  limit.clear();
  const failures = [...broken, ...(await run.cleanUps())];
  endExpectation?.();
  const { steps, assertions, metrics, pictures, paths } = run;
  const report: CheckReport = {
    ...headOf(toRun),
    status: failures.length === 0 ? 'passed' : 'failed',
    start,
    seconds: (Date.now() - started) / 1000,
    ...(failures.length === 0 ? {} : failureOf(failures[0], observer?.failures(slug, started) ?? [])),
    steps,
    assertions,
    metrics,
    pictures: [],
    ...(paths.length === 0 ? {} : { paths }),
  };
  progress.end(report);
  return { report, pictures };
}

/** Reason for which a check cannot run here. */
function missingNeed({ needs }: Check, faults: FaultInjector | undefined): string | undefined {
  if (needs === 'faults' && faults === undefined) return 'fault injection is not available on this target';
  if (needs === 'browser' && findBrowser(process.env) === undefined) return 'no Chromium was found: set CHROME';
  return undefined;
}

/** Reports the check as skipped. */
function skip(toRun: CheckToRun, reason: string, start: number, progress: CheckProgress): CheckResult {
  const report: CheckReport = {
    ...headOf(toRun),
    status: 'skipped',
    skipped: reason,
    start,
    seconds: 0,
    steps: [],
    assertions: [],
    metrics: [],
    pictures: [],
  };
  progress.end(report);
  return { report, pictures: [] };
}

function failureOf(
  thrown: unknown,
  ofFunctions: readonly FunctionFailure[],
): Pick<CheckReport, 'error' | 'functionErrors'> {
  return { error: describe(thrown), functionErrors: functionErrors(ofFunctions) };
}

/** Unexpected errors of functions, each cause once, with the last log lines. */
function functionErrors(failures: readonly FunctionFailure[]): NonNullable<CheckReport['functionErrors']> {
  const unexpected = failures.filter(({ isExpected }) => !isExpected);
  const byCause = Map.groupBy(unexpected, (failure) => `${failure.function} ${errorText(failure)}`);
  return [...byCause.values()].flatMap((all) => {
    const last = all.at(-1);
    if (last === undefined) return [];
    return { function: last.function, error: errorText(last), count: all.length, lines: [...last.lines] };
  });
}

function headOf({ slug, kind, check, variant }: CheckToRun): Pick<CheckReport, 'slug' | 'kind' | 'name' | 'title'> {
  const { name, title } = check;
  return { slug, kind, name, title, ...(variant === undefined ? {} : { variant }) };
}

/** Runs the check; returns its failures, the most specific first. */
async function runBody(check: Check, run: RecordedRun, signal: AbortSignal): Promise<unknown[]> {
  const before = stopReason(signal);
  if (before.length > 0) return before;
  const body = check.run(run).then(
    (): unknown[] => [],
    (error: unknown) => [error],
  );
  const stopped = aborted(signal).then(() => sleep<unknown[]>(stopMilliseconds, [], { ref: false }));
  const failures = await Promise.race([body, stopped]);
  // A check fails also where it catches the error of its assertion.
  const broken = run.assertions.find(({ passed }) => !passed);
  if (failures.length === 0 && broken !== undefined) failures.push(new AssertionError(broken.assertion));
  // The reason of the stop explains the failures that follow from it.
  return [...stopReason(signal), ...failures];
}

function stopReason(signal: AbortSignal): unknown[] {
  return signal.aborted ? [signal.reason as unknown] : [];
}

function timeLimit(name: string, seconds: number): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new Error(`${name} exceeded its time limit of ${seconds} s`));
  const timer = setTimeout(abort, seconds * 1000);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function describe(error: unknown): NonNullable<CheckReport['error']> {
  if (!(error instanceof Error)) return { message: String(error) };
  const text = error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
  // `fetch failed` alone says nothing.
  const { cause } = error;
  const message = cause instanceof Error && !text.includes(cause.message) ? `${text} (${cause.message})` : text;
  return { message, ...(error.stack === undefined ? {} : { stack: error.stack }) };
}
