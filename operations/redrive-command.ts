import type { RedriveReason } from '../lambda/queue-processor/redrive-request';

export interface RedriveOptions {
  readonly architecture: string;
  readonly dryRun: boolean;
  readonly maximum: number | undefined;
  readonly olderThanSeconds: number | undefined;
  readonly reason: RedriveReason | undefined;
  readonly perSecond: number | undefined;
  readonly stage: 'sandbox' | 'prod';
  readonly outputs: string | undefined;
}

/** Redrive of one architecture's failures. */
export interface RedriveCommand {
  /** Stack id in the registry. */
  readonly stack: string;
  /** Whether it takes `--older-than`, `--reason` and `--per-second`. */
  readonly selects: boolean;
  /** Returns the exit code. */
  run(redrive: RedriveRun): Promise<number>;
}

export interface RedriveRun {
  readonly options: RedriveOptions;
  /** Returns an output of the deployed stack. @throws UsageError if it has no such output */
  readonly output: (name: string) => string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
}
