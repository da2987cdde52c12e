import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentialsFile, credentialsFolderVariable } from '../../../../tools/local/database/caller-credentials';
import { publishCredentials } from '../../../../tools/local/runtime/publish-credentials';

const keys = { AWS_ACCESS_KEY_ID: 'KEY', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session' };
const folder = () => join(mkdtempSync(join(tmpdir(), 'callers-')), 'callers');

it('publishes the credentials of a function, readable only by their owner', () => {
  const place = folder();
  const environment: NodeJS.ProcessEnv = { ...keys, [credentialsFolderVariable]: place };
  publishCredentials(environment);
  const file = credentialsFile(place, 'KEY');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ secretAccessKey: 'secret', sessionToken: 'session' });
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(readdirSync(place)).toHaveLength(1);
  expect(environment).not.toHaveProperty(credentialsFolderVariable);
});

it('publishes nothing outside a local run', () => {
  const environment: NodeJS.ProcessEnv = { ...keys };
  publishCredentials(environment);
  expect(environment).toEqual(keys);
});

it('a hostile access key cannot lead out of the folder', () => {
  expect(credentialsFile('/callers', '../../KEY')).toBe('/callers/KEY.json');
});
