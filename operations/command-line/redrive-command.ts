/** Options of a redrive, for every architecture that has one. */
export interface RedriveOptions {
  readonly dryRun: boolean;
  readonly maximum: number | undefined;
  readonly olderThanSeconds: number | undefined;
  readonly reason: string | undefined;
  readonly perSecond: number | undefined;
  readonly stage: 'sandbox' | 'prod';
  readonly outputs: string | undefined;
}

/** Redrive of one architecture's failures. */
export interface RedriveCommand {
  readonly slug: string;
  /** Stack id in the registry. */
  readonly stack: string;
  /** Reasons that `--reason` takes; without them there is no `--older-than` and `--reason`. */
  readonly reasons?: readonly string[];
  /** Most that `--per-second` takes. @default 100 */
  readonly maximumPerSecond?: number;
  /** Returns the exit code. */
  run(redrive: RedriveRun): Promise<number>;
}

export interface RedriveRun {
  readonly options: RedriveOptions;
  /** Returns an output of the deployed stack. @throws UsageError if it has no such output */
  readonly output: (name: string) => string;
  /** Returns an output that the stack has only with some settings, or undefined. */
  readonly optionalOutput: (name: string) => string | undefined;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
}
