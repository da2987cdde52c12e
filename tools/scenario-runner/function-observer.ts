import type { CheckReport } from './scenario-report';

/** Observes the functions of deployed architectures; a local run offers it. */
export interface FunctionObserver {
  /**
   * Declares errors of an architecture's functions that are neither printed nor permanent failures.
   *
   * @returns function that ends it
   */
  expectErrors(slug: string, types: readonly string[] | 'all'): () => void;
  /** Failures of an architecture's functions since a time in milliseconds since 1970. */
  failures(slug: string, since: number): FunctionFailure[];
  /**
   * Failure after which no result of the function can be expected, if there is one: there is no point in waiting. Events that
   * were sent before belong to an earlier check.
   */
  permanentFailure(slug: string, since: number): FunctionFailure | undefined;
}

/** Failed invocation of a function. */
export interface FunctionFailure {
  readonly slug: string;
  /** Construct path below the stack, such as `ResizeImage`. */
  readonly function: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly type: string;
  readonly message: string;
  /** Position in the sources, such as `lambda/image-resize/resize-image.ts:24`. */
  readonly at?: string;
  readonly attempt?: number;
  /** Number of attempts of an event before it is given up; undefined where the caller decides. */
  readonly attempts?: number;
  /** When the event was sent, in milliseconds since 1970. */
  readonly sent?: number;
  readonly isLastAttempt: boolean;
  /** Whether a check provokes this error. */
  readonly isExpected: boolean;
  /** Last log lines of the invocation. */
  readonly lines: readonly string[];
}

export interface FunctionStatistics {
  readonly slug: string;
  readonly function: string;
  readonly invocations: number;
  readonly errors: number;
  /** Invocations that were refused because the concurrency was used up; they are not among the others. */
  readonly throttles: number;
  readonly coldStarts: number;
  readonly medianMilliseconds: number;
  readonly p99Milliseconds: number;
  readonly maxMemoryMegabytes: number;
}

/** Lines for the errors of functions that the check's own error does not name already. */
export function otherErrors({ error, functionErrors = [] }: Pick<CheckReport, 'error' | 'functionErrors'>): string[] {
  return functionErrors
    .filter((one) => error?.message.includes(one.error) !== true)
    .map((one) => `${one.function} failed: ${one.error}${one.count > 1 ? ` (${one.count} times)` : ''}`);
}

/** `ResizeImage failed (attempt 1 of 3): TypeError: x is not a function at lambda/image-resize/resize-image.ts:24`. */
export function describeFailure(failure: FunctionFailure): string {
  const { function: name, attempt, attempts, type, message, at } = failure;
  const total = attempts === undefined ? '' : ` of ${attempts}`;
  const which = attempt === undefined ? '' : ` (attempt ${attempt}${total})`;
  return `${name} failed${which}: ${errorText({ type, message, at })}`;
}

/** Error without its attempt, which is the same for all failures with the same cause. */
export function errorText({
  type,
  message,
  at,
}: Pick<FunctionFailure, 'type' | 'message'> & { at?: string | undefined }): string {
  const [line = ''] = message.split('\n');
  return `${type}: ${line.length > 160 ? `${line.slice(0, 159)}…` : line}${at === undefined ? '' : ` at ${at}`}`;
}
