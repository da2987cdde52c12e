import { readFileSync } from 'node:fs';
import { currentCodeFile, faultFolderVariable } from '../faults/fault-folder';

/**
 * Folder of the function's code: that of the last hot swap, if there was one, otherwise the one that the emulator unpacked.
 *
 * After UpdateFunctionCode the emulator still starts environments with the code before, for retries of earlier asynchronous
 * invocations, and reuses them for new ones.
 */
export function taskRootOf(environment: NodeJS.ProcessEnv): string {
  const unpacked = environment['LAMBDA_TASK_ROOT'] ?? process.cwd();
  const folder = environment[faultFolderVariable];
  const functionName = environment['AWS_LAMBDA_FUNCTION_NAME'];
  if (folder === undefined || functionName === undefined) return unpacked;
  try {
    return readFileSync(currentCodeFile(folder, functionName), 'utf8');
  } catch {
    return unpacked; // Not replaced since the deployment.
  }
}
