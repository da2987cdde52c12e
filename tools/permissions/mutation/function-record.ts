import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gatherCalls, type GatheredCall, type Names } from '../../local/calls/gather';
import { callsFolder, deniedFolder } from '../../local/faults/fault-folder';

/** What the functions of a deployment have called, and what they were denied, since it was last forgotten. */
export class FunctionRecord {
  /** @param folder `.local/faults` */
  constructor(
    private readonly folder: string,
    private readonly names: Names,
  ) {}

  forget(functionName: string): void {
    for (const folder of [callsFolder(this.folder, functionName), deniedFolder(this.folder, functionName)]) {
      for (const file of filesOf(folder)) rmSync(join(folder, file), { force: true });
    }
  }

  calls(): GatheredCall[] {
    return gatherCalls(this.folder, this.names);
  }

  denied(): GatheredCall[] {
    return gatherCalls(this.folder, this.names, deniedFolder);
  }
}

/** Lines that a log has beyond its first bytes. */
export function linesSince(log: string, bytes: number): string[] {
  return readFileSync(log).subarray(bytes).toString().split('\n');
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // The function has not been invoked yet.
  }
}
