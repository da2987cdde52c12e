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

/** How one architecture's failures are sent through again. */
export interface RedriveCommand {
  /** The stack's id in the registry. */
  readonly stack: string;
  /** Whether it takes `--older-than`, `--reason` and `--per-second`. */
  readonly selects: boolean;
  /** Gives the exit code. */
  run(redrive: RedriveRun): Promise<number>;
}

export interface RedriveRun {
  readonly options: RedriveOptions;
  /** An output of the deployed stack. @throws UsageError where there is none of that name */
  readonly output: (name: string) => string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
}
