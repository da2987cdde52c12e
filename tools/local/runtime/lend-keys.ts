import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { callerFile, callerFolderVariable } from '../database/caller-folder';

/** Writes the keys of a function that signs tokens down for the database's door, without a trace in what a handler sees. */
export function lendKeys(environment: NodeJS.ProcessEnv): void {
  const folder = environment[callerFolderVariable];
  Reflect.deleteProperty(environment, callerFolderVariable);
  const {
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = environment;
  // Functions that know no proxy sign no tokens.
  if (folder === undefined || id === undefined || environment['PROXY_ENDPOINT'] === undefined) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = callerFile(folder, id);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ secretAccessKey, sessionToken }), { mode: 0o600 });
  renameSync(draft, file);
}
