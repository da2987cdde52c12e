import type { Fault } from './fault-catalog';
import type { FaultInjector } from './faults/fault-injector';

/**
 * End-to-end test of one architecture, written against stack outputs and the AWS SDK alone, so that the same file tests a
 * local stack and a stack in a real account. The file is `scenarios/<slug>.ts`, its default export a Scenario.
 */
export interface Scenario {
  readonly slug: string;
  /** Main use case on real input, in seconds. */
  readonly smokeTest: Check;
  /** Faults, limits and hostile input, in minutes. */
  readonly proofs: readonly Check[];
  /** Settings that replace the stack's defaults in a local run of the proofs, where they shorten waits. */
  readonly settings?: Settings;
  readonly variants?: readonly Variant[];
  /** Work under random fault injection for any length of time: `--soak`. */
  readonly soak?: Soak;
  /** Ends what a check that was cut off has left, such as a lock; called between checks without a permission. */
  readonly recover?: (outputs: Readonly<Record<string, string>>) => Promise<void>;
}

/** Settings of an architecture, as its schema in `lib/` takes them. */
export type Settings = Readonly<Record<string, unknown>>;

/** Deployment of the same architecture with other settings, which has proofs of its own. */
export interface Variant {
  /** In kebab-case, unique within its scenario: the value of `--variant`. */
  readonly name: string;
  readonly settings: Settings;
  readonly proofs: readonly Check[];
  /** Program that must be on the PATH; a local run skips the variant without it, and says so. */
  readonly needsProgram?: string;
}

/** Smoke test or proof. */
export interface Check {
  /** In kebab-case, unique within its scenario: the value of `--only`. */
  readonly name: string;
  /** The promise as a sentence, for people. */
  readonly title: string;
  /** `faults`: skipped where the target offers no fault injection. `browser`: skipped where no Chromium is found. */
  readonly needs?: 'faults' | 'browser';
  /**
   * Types of the function errors that this check provokes; with `needs: 'faults'` it provokes all. A function that has failed
   * for good with any other error ends the check's waits.
   */
  readonly expectedErrors?: readonly string[] | 'all';
  /** Runs while no other check runs: it loads a small machine so much that other functions would time out. */
  readonly alone?: true;
  /** The proofs of its architecture start before those of others: what starts last would run for minutes by itself. */
  readonly takesMinutes?: true;
  /** Seconds; by default 600 for a smoke test and 1,800 for a proof, which a real account's retries need. */
  readonly withinSeconds?: number;
  run(run: ScenarioRun): Promise<void>;
}

/** Context of a running check: stack outputs, and methods that record what the check does for the report. */
export interface ScenarioRun {
  readonly outputs: Readonly<Record<string, string>>;
  /** Short, unique for this check in this run, of `a-z0-9` only: the prefix of everything that the check creates. */
  readonly runId: string;
  /** Offered by a local run; undefined on a real account. */
  readonly faults?: FaultInjector;
  /** Number from 0 to below 1, derived from the run's seed and the check's name: the same seed gives the same numbers. */
  random(): number;
  /** @throws Error that names the output which the stack does not have */
  output(name: string): string;
  /** Times one piece of work, shows it while it runs and reports it; steps nest. */
  step<T>(title: string, act: () => Promise<T>): Promise<T>;
  /**
   * Polls until the probe returns a value; an error of the probe counts as not yet.
   *
   * @param what completes the sentence "timed out waiting for …"
   * @throws Error that names what was awaited, for how long, and the result of the last check
   */
  eventually<T>(what: string, probe: () => Promise<T | undefined>, options?: EventuallyOptions): Promise<T>;
  /**
   * Puts the assertion into the report, passed or failed.
   *
   * @param got the actual value, shown with the assertion
   * @throws AssertionError where the condition is false
   */
  assert(condition: boolean, assertion: string, got?: string): void;
  /**
   * Asserts that both are deeply equal; a failure names both: `units left: expected 681, got 581`.
   *
   * @throws AssertionError
   */
  assertEqual<T>(actual: T, expected: T, assertion: string): void;
  /** Measured value for the report. */
  metric(name: string, value: number | string, unit?: string): void;
  /** Picture for the report; those of one group are shown side by side. */
  picture(group: string, title: string, bytes: Buffer, contentType: string, caption?: string): void;
  /** States that an execution of a state machine entered, in order, for the drawing of the state machine in the report. */
  path(title: string, states: readonly string[]): void;
  /** One line of progress. */
  log(text: string): void;
  /** Runs at the end, last first, after a failure and after Ctrl-C too. */
  cleanUp(what: string, act: () => Promise<void>): void;
}

export interface EventuallyOptions {
  /** Ends only a wait for what never comes, so it allows for a slow machine. @default 300 */
  readonly withinSeconds?: number;
  /** @default 500 */
  readonly everyMilliseconds?: number;
}

/** Ordinary work in rounds of about half a minute, with what must be true after each. */
export interface Soak {
  /** Name of the unit of work, in the plural: `orders`, `photos`. */
  readonly units: string;
  /** Starts a round; the round removes what it creates by `cleanUp`. */
  open(run: ScenarioRun): Promise<SoakRound>;
}

export interface SoakRound {
  /** Faults that may be injected; a random selection is. */
  readonly faults: readonly SoakFault[];
  /** Some ordinary work of a second or a few; called repeatedly while faults are injected. */
  work(): Promise<void>;
  /** Called after the last fault: waits until all work is finished and returns its outcome. */
  verify(): Promise<WorkOutcome>;
}

export interface WorkOutcome {
  /** Number of units of work that were started. */
  readonly placed: number;
  /** One line for each unit that is missing or in the wrong state. */
  readonly lost: readonly string[];
  /** One line for each effect that happened too often. */
  readonly duplicated: readonly string[];
}

/** Fault that a round of a soak can inject. */
export interface SoakFault {
  /** For people, such as `kills of functions at work`. */
  readonly title: string;
  /** `faults`: left out where the target offers no fault injection. */
  readonly needs?: 'faults';
  /**
   * Injects until the signal.
   *
   * @param rng of this fault alone, so that other work does not change which numbers it draws
   */
  inject(run: ScenarioRun, rng: RandomSource, until: AbortSignal): Promise<Injected>;
}

/** Number of injections of each fault. */
export type Injected = Readonly<Partial<Record<Fault, number>>>;

/** Source of random numbers, such as a run. */
export type RandomSource = Pick<ScenarioRun, 'random'>;
