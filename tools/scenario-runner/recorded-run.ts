import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect, isDeepStrictEqual } from 'node:util';
import type { FaultInjector } from '../../scenarios/shared/faults/fault-injector';
import type { EventuallyOptions, ScenarioRun } from '../../scenarios/shared/scenario';
import type { CheckReport, PictureReport, StepReport } from './scenario-report';
import { eventually } from './eventually';
import type { CheckProgress } from './progress';

/** Thrown by a failed assertion. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

export type Picture = Omit<PictureReport, 'file'> & { readonly bytes: Buffer };

interface CleanUp {
  readonly what: string;
  readonly act: () => Promise<void>;
}

const cleanUpLimitSeconds = 600;

export interface RunContext {
  readonly slug: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly runId: string;
  readonly random: () => number;
  readonly progress: CheckProgress;
  /** Ends the check at its next step. */
  readonly signal: AbortSignal;
  readonly faults?: FaultInjector;
  /** Returns the reason why waiting is pointless, such as a function that has failed for good. */
  readonly hopeless?: () => Error | undefined;
}

/** Run context of one check: records steps, assertions and metrics, and ends the check once the signal is aborted. */
export class RecordedRun implements ScenarioRun {
  readonly steps: StepReport[] = [];
  readonly assertions: CheckReport['assertions'] = [];
  readonly metrics: CheckReport['metrics'] = [];
  readonly pictures: Picture[] = [];
  readonly paths: NonNullable<CheckReport['paths']> = [];
  private readonly pendingCleanUps: CleanUp[] = [];
  private readonly depth = new AsyncLocalStorage<number>();
  private cleaning = false;
  readonly faults?: FaultInjector;

  readonly outputs: Readonly<Record<string, string>>;
  readonly runId: string;
  readonly random: () => number;

  constructor(private readonly context: RunContext) {
    ({ outputs: this.outputs, runId: this.runId, random: this.random } = context);
    if (context.faults !== undefined) this.faults = context.faults;
  }

  output(name: string): string {
    const value = this.outputs[name];
    if (value !== undefined) return value;
    const known = Object.keys(this.outputs).join(', ') || 'none';
    throw new Error(
      `the stack of ${this.context.slug} has no output '${name}' (outputs: ${known}): deploy it and pass its outputs file`,
    );
  }

  async step<T>(title: string, act: () => Promise<T>): Promise<T> {
    this.throwIfStopped();
    const depth = this.depth.getStore() ?? 0;
    const step: StepReport = { title, depth, status: 'failed', seconds: 0 };
    this.steps.push(step);
    const started = performance.now();
    const end = this.context.progress.step(title);
    try {
      const value = await this.depth.run(depth + 1, act);
      this.throwIfStopped();
      step.status = 'passed';
      return value;
    } catch (error) {
      step.error = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      step.seconds = (performance.now() - started) / 1000;
      end();
    }
  }

  eventually<T>(what: string, probe: () => Promise<T | undefined>, options?: EventuallyOptions): Promise<T> {
    const { signal, hopeless } = this.context;
    if (this.cleaning) return eventually(what, probe, { signal: new AbortController().signal }, options);
    return eventually(what, probe, { signal, hopeless }, options);
  }

  assert(condition: boolean, assertion: string, got?: string): void {
    this.assertions.push({ assertion, passed: condition, ...(got === undefined ? {} : { got }) });
    if (!condition) throw new AssertionError(got === undefined ? assertion : `${assertion}: got ${got}`);
  }

  assertEqual<T>(actual: T, expected: T, assertion: string): void {
    const passed = isDeepStrictEqual(actual, expected);
    const [got, wanted] = [textOf(actual), textOf(expected)];
    this.assertions.push({ assertion, passed, expected: wanted, got });
    if (!passed) throw new AssertionError(`${assertion}: expected ${wanted}, got ${got}`);
  }

  metric(name: string, value: number | string, unit?: string): void {
    this.metrics.push({ name, value, ...(unit === undefined ? {} : { unit }) });
  }

  picture(group: string, title: string, bytes: Buffer, contentType: string, caption?: string): void {
    this.pictures.push({ group, title, bytes, contentType, ...(caption === undefined ? {} : { caption }) });
  }

  path(title: string, states: readonly string[]): void {
    this.paths.push({ title, states: [...states] });
  }

  log(text: string): void {
    this.context.progress.line(text);
  }

  cleanUp(what: string, act: () => Promise<void>): void {
    this.pendingCleanUps.push({ what, act });
  }

  /** Runs all registered clean-ups, last first, also after one has failed. */
  async cleanUps(): Promise<Error[]> {
    this.cleaning = true;
    const failures: Error[] = [];
    for (let next = this.pendingCleanUps.pop(); next !== undefined; next = this.pendingCleanUps.pop()) {
      const { what, act } = next;
      await this.step(`clean up: ${what}`, () => withLimit(act())).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        failures.push(new Error(`clean-up failed: ${what}: ${reason}`, { cause: error }));
      });
    }
    return failures;
  }

  private throwIfStopped(): void {
    if (!this.cleaning) this.context.signal.throwIfAborted();
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value, { depth: 6, breakLength: Infinity });
}

async function withLimit(work: Promise<void>): Promise<void> {
  const stopped = new AbortController();
  const limit = sleep(cleanUpLimitSeconds * 1000, undefined, { ref: false, signal: stopped.signal }).then(() => {
    throw new Error(`took longer than ${cleanUpLimitSeconds} s`);
  });
  limit.catch(() => undefined);
  try {
    await Promise.race([work, limit]);
  } finally {
    stopped.abort();
  }
}
