import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { clientSettings } from '../client-settings';
import { callsFolder } from '../faults/fault-folder';
import type { Workspace } from '../workspace';
import type { Call } from './call';

/** What the functions of a deployment called in one run, by their stacks' logical ids. */
export interface GatheredCall {
  readonly stack: string;
  /** The function's logical id. */
  readonly function: string;
  readonly service: string;
  readonly operation: string;
  /** Logical ids where the stack has the resource, its physical name where it has not. */
  readonly resources: readonly string[];
}

export interface GatheredCalls {
  /** Whether the proofs ran, which call more than the smoke tests. */
  readonly proved: boolean;
  /** The architectures' ids. */
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

/** A physical name, and the resource of a stack that has it. */
export type Names = ReadonlyMap<string, { readonly stack: string; readonly logicalId: string }>;

export async function namesOf(client: CloudFormationClient, stacks: readonly string[]): Promise<Names> {
  const names = new Map<string, { stack: string; logicalId: string }>();
  for (const stack of stacks) {
    for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
      for (const { LogicalResourceId: logicalId, PhysicalResourceId: physical } of page.StackResourceSummaries ?? []) {
        if (logicalId === undefined || physical === undefined) continue;
        // Queues and topics have a URL and an ARN for a physical id.
        names.set(physical.replace(/^.*[:/]/, ''), { stack, logicalId });
      }
    }
  }
  return names;
}

/**
 * Reads what the functions wrote down, each call once, in a fixed order.
 *
 * @param record which of a function's records: by default that of the calls that were answered
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

/** What a run calls, gathered while its stacks stand. */
export class CallRecord {
  /** Of all passes: a variant gives some resources a new name. */
  readonly #names = new Map<string, { readonly stack: string; readonly logicalId: string }>();

  constructor(
    private readonly workspace: Pick<Workspace, 'calls' | 'certificate' | 'faults'>,
    private readonly endpoint: string,
    private readonly stacks: readonly string[],
  ) {
    rmSync(workspace.calls, { force: true });
  }

  /** Learns the names of a deployment; without them its calls stay without resources, which is no reason to end a run. */
  async learnNames(): Promise<void> {
    const client = new CloudFormationClient(clientSettings(this.endpoint, this.workspace.certificate));
    try {
      for (const [name, owner] of await namesOf(client, this.stacks)) this.#names.set(name, owner);
    } catch {
      // Least-privilege then says which calls it cannot explain.
    }
  }

  /** Writes `.local/calls.json`, and gives what is in it. */
  write(proved: boolean): GatheredCalls {
    const calls = gatherCalls(this.workspace.faults, this.#names);
    const gathered: GatheredCalls = { proved, stacks: this.stacks, calls };
    writeFileSync(this.workspace.calls, `${JSON.stringify(gathered, null, 2)}\n`);
    return gathered;
  }
}

/** A process that was killed while it wrote leaves half a line behind. */
function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .filter((line) => line !== '');
}
