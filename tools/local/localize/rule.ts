import type { Assembly } from './assembly';

/** What a rule may know of the machine that the assembly is made ready for. */
export interface Host {
  /** Node as functions run it. */
  readonly node: string;
  /** The Lambda runtime that a function's `bootstrap` starts, one JavaScript file. */
  readonly runtimeClient: string;
  /** Environment variables of the emulator that no function is to see. */
  readonly hiddenVariables: readonly string[];
  readonly platform: NodeJS.Platform;
  /** The checkout's `node_modules`, with native packages built for this machine. */
  readonly packages: string;
  /** Stands in for file systems that functions mount. */
  readonly fileSystems: string;
  readonly now: Date;
  /** The database beside the emulator, where the run has one. */
  readonly database?: {
    readonly port: number;
    readonly proxyId: string;
    readonly owner: string;
    readonly ownerPassword: string;
  };
}

/** Settles one thing in which the emulator differs from AWS, by changing a copy of what was synthesized. */
export interface Rule {
  readonly name: string;
  /** What the emulator does not do, in one sentence. */
  readonly reason: string;
  /** Changes the assembly and says what it touched, by names that a person knows. */
  apply(assembly: Assembly, host: Host): string[];
}

export interface AppliedRule {
  readonly name: string;
  readonly reason: string;
  readonly touched: string[];
}
