import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gatherCalls, type GatheredCall, type Names } from '../../local/calls/gather';
import { callsFolder, deniedFolder } from '../../local/faults/fault-folder';

/** Calls of a deployment's functions, and those that were denied, since the record was cleared. */
export class FunctionRecord {
  /** @param folder `.local/faults` */
  constructor(
    private readonly folder: string,
    private readonly names: Names,
  ) {}

  clear(functionName: string): void {
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

/** Lines of a log after its first bytes. */
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
