import { join } from 'node:path';

/**
 * Environment variable with the folder in which functions publish their credentials. AWS knows every secret key and can
 * check any signature and ask for any permission; the emulator gives no secret away, so the proxies read it there.
 */
export const credentialsFolderVariable = 'LOCAL_RUN_CALLERS';

/** File with the secret of an access key. */
export function credentialsFile(folder: string, accessKeyId: string): string {
  return join(folder, `${accessKeyId.replace(/\W/g, '')}.json`);
}
