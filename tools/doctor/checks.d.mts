/** Result of one check. */
export interface Finding {
  readonly what: string;
  readonly isGood: boolean;
  /** Whether only the listed commands need it, which not everyone runs. */
  readonly isOptional: boolean;
  readonly found: string;
  /** Absent if nothing is wrong. */
  readonly fix?: string;
  /** Commands that need it. */
  readonly commands: readonly string[];
}

/** Properties of the machine and of the account; tests replace them. */
export interface Machine {
  readonly nodeVersion: string;
  readonly npmVersion: () => Promise<string | undefined>;
  /** Version of a Python that can create virtual environments, or undefined. */
  readonly pythonVersion: () => Promise<string | undefined>;
  readonly freeBytes: () => Promise<number>;
  /** Whether the checkout has a file or folder, by its path below the root. */
  readonly has: (path: string) => boolean;
  /** Opens a port of the loopback interface, and returns its number. */
  readonly openPort: () => Promise<number>;
  readonly onPath: (command: string) => Promise<boolean>;
  /** Identity of the shell's credentials, or the reason why it is not known. */
  readonly identity: () => Promise<
    { readonly account: string; readonly arn: string; readonly region: string } | string
  >;
  /** Version of CDK's bootstrap stack, or undefined if the account has none. */
  readonly bootstrapVersion: () => Promise<number | undefined>;
  /** Whether API Gateway has a role for logs, which is one for the account and region. */
  readonly hasGatewayLogRole: () => Promise<boolean>;
}

export function examine(machine: Machine): Promise<Finding[]>;
