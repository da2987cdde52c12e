import type { Assembly } from './assembly';

/** Facts about this machine that rules use. */
export interface Host {
  /** Node executable of the functions. */
  readonly node: string;
  /** Lambda runtime that a function's `bootstrap` starts, one JavaScript file. */
  readonly runtimeClient: string;
  /** Environment variables of the emulator that functions must not see. */
  readonly hiddenVariables: readonly string[];
  readonly platform: NodeJS.Platform;
  /** `node_modules` of the checkout, with native packages built for this machine. */
  readonly packages: string;
  /** Folder that replaces file systems that functions mount. */
  readonly fileSystems: string;
  /** Browser of this machine, where a layer's does not run here. */
  readonly browser?: string;
  readonly now: Date;
  /** Such as `https://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** Database beside the emulator, if the run has one. */
  readonly database?: {
    readonly port: number;
    readonly proxyId: string;
    readonly owner: string;
    readonly ownerPassword: string;
  };
}

/** Compensates for one difference between the emulator and AWS by changing a copy of the synthesized assembly. */
export interface Rule {
  readonly name: string;
  /** Difference from AWS, in one sentence. */
  readonly reason: string;
  /** Changes the assembly and returns the names of the changed resources. */
  apply(assembly: Assembly, host: Host): string[];
}

export interface AppliedRule {
  readonly name: string;
  readonly reason: string;
  readonly touched: string[];
}
