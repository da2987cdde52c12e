import { join } from 'node:path';

/**
 * Environment variable with the folder in which functions publish the credentials that they sign tokens with. AWS knows
 * every secret key and can check any signature; the emulator gives no secret away, so the proxy reads it there.
 */
export const credentialsFolderVariable = 'LOCAL_RUN_CALLERS';

/** File with the secret of an access key. */
export function credentialsFile(folder: string, accessKeyId: string): string {
  return join(folder, `${accessKeyId.replace(/\W/g, '')}.json`);
}
