import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { credentialsFile, credentialsFolderVariable } from '../database/caller-credentials';

/** Publishes the function's credentials for the stand-ins that check permissions, and removes the variable from the environment. */
export function publishCredentials(environment: NodeJS.ProcessEnv): void {
  const folder = environment[credentialsFolderVariable];
  Reflect.deleteProperty(environment, credentialsFolderVariable);
  const {
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = environment;
  if (folder === undefined || id === undefined) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = credentialsFile(folder, id);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ secretAccessKey, sessionToken }), { mode: 0o600 });
  renameSync(draft, file);
}
