import type { Checkout } from './checkout';
import type { ChildProcesses } from './child-processes';
import type { RunOptions } from './command-line';
import type { Progress } from './progress';
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
}

/** Result of the run so far; it grows during the run, so that the report of a failed run has what came before the failure. */
export type RunResult = Pick<RunReport, 'machine' | 'emulator' | 'architectures' | 'rules' | 'scenarios'>;

export function emptyResult(): RunResult {
  return {
    machine: machineInfo('unknown'),
    emulator: { name: 'MiniStack', version: 'not started' },
    architectures: [],
    rules: [],
  };
}
