import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { clientSettings } from '../client-settings';
import { callsFolder, violationsFolder } from '../faults/fault-folder';
import type { Workspace } from '../workspace';
import type { Call } from './call';
import type { Violation } from './check-request';

/** API call of a deployed function, with logical ids. */
export interface GatheredCall {
  readonly stack: string;
  /** Logical id of the function. */
  readonly function: string;
  readonly service: string;
  readonly operation: string;
  /** Logical ids of the stack's resources, physical names of others. */
  readonly resources: readonly string[];
}

export interface GatheredCalls {
  /** Whether proofs ran, which make more calls than smoke tests. */
  readonly proved: boolean;
  /** Stack ids of the architectures. */
  readonly stacks: readonly string[];
  readonly calls: readonly GatheredCall[];
}

export const gatheredCallsSchema = z.strictObject({
  proved: z.boolean(),
  stacks: z.array(z.string()),
  calls: z.array(
    z.strictObject({
      stack: z.string(),
      function: z.string(),
      service: z.string(),
      operation: z.string(),
      resources: z.array(z.string()),
    }),
  ),
});

/** Resources of stacks by their physical names. */
export type Names = ReadonlyMap<string, { readonly stack: string; readonly logicalId: string }>;

export async function namesOf(client: CloudFormationClient, stacks: readonly string[]): Promise<Names> {
  const names = new Map<string, { stack: string; logicalId: string }>();
  for (const stack of stacks) {
    for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
      for (const summary of page.StackResourceSummaries ?? []) {
        const { LogicalResourceId: logicalId, PhysicalResourceId: physical, ResourceType: type } = summary;
        if (logicalId === undefined || physical === undefined) continue;
        // The physical id of a queue is a URL, that of a topic an ARN.
        const name = physical.replace(/^.*[:/]/, '');
        // A function's URL has the name of the function.
        if (!names.has(name) || type === 'AWS::Lambda::Function') names.set(name, { stack, logicalId });
      }
    }
  }
  return names;
}

/**
 * Reads the recorded calls of functions, each once, in a fixed order.
 *
 * @param record folder of the records: by default of the calls that were allowed
 */
export function gatherCalls(folder: string, names: Names, record: typeof callsFolder = callsFolder): GatheredCall[] {
  const lines = new Set<string>();
  for (const functionName of existsSync(folder) ? readdirSync(folder) : []) {
    const owner = names.get(functionName);
    const files = record(folder, functionName);
    if (owner === undefined || !existsSync(files)) continue;
    for (const line of readdirSync(files).flatMap((file) => linesOf(join(files, file)))) {
      const { service, operation, resources } = JSON.parse(line) as Call;
      const logical = resources.map((name) => names.get(name)?.logicalId ?? name);
      const call = { stack: owner.stack, function: owner.logicalId, service, operation, resources: logical };
      lines.add(JSON.stringify(call));
    }
  }
  return [...lines].sort().map((line) => JSON.parse(line) as GatheredCall);
}

/** Lines about the requests that AWS would refuse, each once, by function. */
export function gatherViolations(folder: string, names: Names): string[] {
  const lines = (existsSync(folder) ? readdirSync(folder) : []).flatMap((functionName) => {
    const files = violationsFolder(folder, functionName);
    const owner = names.get(functionName);
    const title = owner === undefined ? functionName : `${owner.stack} ${owner.logicalId}`;
    return (existsSync(files) ? readdirSync(files) : [])
      .flatMap((file) => linesOf(join(files, file)))
      .map((line) => JSON.parse(line) as Violation)
      .map(({ service, operation, violation }) => `${title} called ${service} ${operation}: ${violation}`);
  });
  return [...new Set(lines)].sort();
}

/** Calls of a run, gathered while its stacks are deployed. */
export class CallRecord {
  /** Names in all passes: a variant renames some resources. */
  readonly #names = new Map<string, { readonly stack: string; readonly logicalId: string }>();

  constructor(
    private readonly workspace: Pick<Workspace, 'calls' | 'certificate' | 'faults'>,
    private readonly endpoint: string,
    private readonly stacks: readonly string[],
  ) {
    rmSync(workspace.calls, { force: true });
  }

  /** Reads the physical names of a deployment; a failure only leaves calls without logical ids. */
  async learnNames(): Promise<void> {
    const client = new CloudFormationClient(clientSettings(this.endpoint, this.workspace.certificate));
    try {
      for (const [name, owner] of await namesOf(client, this.stacks)) this.#names.set(name, owner);
    } catch {
      // The permissions report then lists the calls that it cannot attribute.
    }
  }

  /** Returns a line for each kind of request that AWS would refuse. */
  violations(): string[] {
    return gatherViolations(this.workspace.faults, this.#names);
  }

  /** Writes `.local/calls.json` and returns its content. */
  write(proved: boolean): GatheredCalls {
    const calls = gatherCalls(this.workspace.faults, this.#names);
    const gathered: GatheredCalls = { proved, stacks: this.stacks, calls };
    writeFileSync(this.workspace.calls, `${JSON.stringify(gathered, null, 2)}\n`);
    return gathered;
  }
}

/** A killed process may leave half a line at the end. */
function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .filter((line) => line !== '');
}
