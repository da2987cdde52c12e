import { join } from 'node:path';

/**
 * Functions lend the database's door the keys that they sign with, through a folder: on AWS the service that checks a
 * signature knows every key, and the emulator gives none away. The emulator, and so every function, is told the folder in
 * this environment variable.
 */
export const callerFolderVariable = 'LOCAL_RUN_CALLERS';

/** Holds the secret of an access key. */
export function callerFile(folder: string, accessKeyId: string): string {
  return join(folder, `${accessKeyId.replace(/\W/g, '')}.json`);
}
