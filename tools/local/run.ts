import type { Checkout } from './checkout';
import type { ChildProcesses } from './child-processes';
import type { RunOptions } from './command-line';
import type { Scenario } from '../../scenarios/shared/scenario';
import type { Progress } from '../scenario-runner/progress';
import type { SoakedRound } from '../scenario-runner/run-soak';
import { machineInfo } from './report';
import type { RunReport } from './run-report';
import type { Workspace } from './workspace';

/** Part of a registry entry that a local run uses. */
export interface RegisteredArchitecture {
  readonly id: string;
  readonly slug: string;
  readonly flow: string;
}

export interface Run {
  readonly workspace: Workspace;
  readonly checkout: Checkout;
  readonly children: ChildProcesses;
  readonly progress: Progress;
  readonly options: RunOptions;
  /** Architectures that the run deploys. */
  readonly architectures: readonly RegisteredArchitecture[];
  readonly scenarios: readonly Scenario[];
  /** Start of the run, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Rejects at the first signal. */
  readonly interrupted: Promise<never>;
}

/** Result of the run so far; it grows during the run, so that the report of a failed run has what came before the failure. */
export interface RunResult extends Pick<
  RunReport,
  'machine' | 'emulator' | 'architectures' | 'rules' | 'scenarios' | 'functions'
> {
  /** Rounds of a soak, for the terminal. */
  rounds: readonly SoakedRound[];
  /** Whether the last round of a watch passed; absent before the watch has begun. */
  watched?: boolean;
}

export function emptyResult(): RunResult {
  return {
    machine: machineInfo('unknown'),
    emulator: { name: 'MiniStack', version: 'not started' },
    architectures: [],
    rules: [],
    functions: [],
    rounds: [],
  };
}
