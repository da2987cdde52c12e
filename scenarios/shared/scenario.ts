import type { FaultInjector } from './faults/fault-injector';
import type { SoakFault } from './faults/soak-fault';

/**
 * The proof of one architecture, end to end: written against stack outputs and the AWS SDK alone, so that the same file
 * proves a local stack and a stack in a real account. The file is `scenarios/<slug>.ts`, its default export a Scenario.
 */
export interface Scenario {
  readonly slug: string;
  /** The main job on real input, in seconds. */
  readonly smokeTest: Check;
  /** Faults, limits and hostile input, in minutes. */
  readonly proofs: readonly Check[];
  /**
   * Settings in place of the stack's defaults with which a local run proves it, where they shorten waits. In an account
   * it is proved as it is deployed.
   */
  readonly settings?: Settings;
  readonly variants?: readonly Variant[];
  /** Work that goes on for as long as one likes while faults of chance are injected: what `--soak` runs. */
  readonly soak?: Soak;
}

/** Ordinary work in rounds of about half a minute, and what must be true after each. */
export interface Soak {
  /** What is counted, in the plural: `orders`, `photos`. */
  readonly units: string;
  /** Opens a round; what it makes goes at its end by `cleanUp`. */
  open(run: ScenarioRun): Promise<SoakRound>;
}

export interface SoakRound {
  /** What the round can meet; some of it is chosen. */
  readonly faults: readonly SoakFault[];
  /** Some ordinary work, of a second or a few; called again and again while the faults are injected. */
  work(): Promise<void>;
  /** Once no fault is left: waits until all work has come to its end, and says what became of it. */
  verify(): Promise<WorkOutcome>;
}

export interface WorkOutcome {
  /** How much work was placed. */
  readonly placed: number;
  /** A line for each unit that is nowhere, or not where it has to be. */
  readonly lost: readonly string[];
  /** A line for each effect that there was too often. */
  readonly duplicated: readonly string[];
}

/** Settings of an architecture, as its schema in `lib/` takes them. */
export type Settings = Readonly<Record<string, unknown>>;

/** The same architecture deployed with other settings, which has promises of its own. */
export interface Variant {
  /** In kebab-case, unique within its scenario: what `--variant` takes. */
  readonly name: string;
  readonly settings: Settings;
  readonly proofs: readonly Check[];
  /** A local run proves it where this program is on the PATH, and says so where it is not. */
  readonly needsProgram?: string;
}

/** One promise that is kept or broken. */
export interface Check {
  /** In kebab-case, unique within its scenario: what `--only` takes. */
  readonly name: string;
  /** The promise as a sentence, for people. */
  readonly title: string;
  /** `faults`: is skipped where the target lets nobody inject faults. */
  readonly needs?: 'faults';
  /** Takes all of a small machine for a while: functions of others would meet their timeouts beside it. */
  readonly alone?: true;
  /** Seconds; by default 600 for a smoke test and 1,800 for a proof, which a real account's retries need. */
  readonly withinSeconds?: number;
  run(run: ScenarioRun): Promise<void>;
}

/** What a check is given: the stack's outputs, and everything that it does and finds goes through here into the report. */
export interface ScenarioRun {
  readonly outputs: Readonly<Record<string, string>>;
  /** Short, unique for this check in this run, of `a-z0-9` only: the prefix of everything that the check makes. */
  readonly runId: string;
  /** Where the target offers it: a local run does, a real account does not. */
  readonly faults?: FaultInjector;
  /** At least 0 and below 1, from the run's seed and the check's name: the same seed gives the same numbers. */
  random(): number;
  /** @throws Error that names the output which the stack does not have */
  output(name: string): string;
  /** Times one piece of work, shows it while it runs and reports it; steps nest. */
  step<T>(title: string, act: () => Promise<T>): Promise<T>;
  /**
   * Polls until the probe gives a value; what the probe throws counts as not yet.
   *
   * @param what completes the sentence "waited for …"
   * @throws Error that says what was awaited, for how long, and what the probe threw last
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
  /** A picture for the report; those of one group are shown side by side. */
  picture(group: string, title: string, bytes: Buffer, contentType: string, caption?: string): void;
  /** One line of progress. */
  log(text: string): void;
  /** Runs at the end, last first, after a failure and after Ctrl-C too. */
  cleanUp(what: string, act: () => Promise<void>): void;
}

export interface EventuallyOptions {
  /** @default 120 */
  readonly withinSeconds?: number;
  /** @default 500 */
  readonly everyMilliseconds?: number;
}
