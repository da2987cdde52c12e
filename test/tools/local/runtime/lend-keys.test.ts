import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callerFile, callerFolderVariable } from '../../../../tools/local/database/caller-folder';
import { lendKeys } from '../../../../tools/local/runtime/lend-keys';

const keys = { AWS_ACCESS_KEY_ID: 'KEY', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session' };
const folder = () => join(mkdtempSync(join(tmpdir(), 'callers-')), 'callers');

it('a function that signs tokens lends its keys, for the eyes of its owner alone', () => {
  const place = folder();
  const environment: NodeJS.ProcessEnv = { ...keys, [callerFolderVariable]: place, PROXY_ENDPOINT: 'localhost' };
  lendKeys(environment);
  const file = callerFile(place, 'KEY');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ secretAccessKey: 'secret', sessionToken: 'session' });
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(readdirSync(place)).toHaveLength(1);
  expect(environment).not.toHaveProperty(callerFolderVariable);
});

it('any other function lends nothing, and sees nothing of it', () => {
  const place = folder();
  const environment: NodeJS.ProcessEnv = { ...keys, [callerFolderVariable]: place };
  lendKeys(environment);
  expect(existsSync(place)).toBe(false);
  expect(environment).toEqual(keys);
});

it('the name of a file is made of the key alone', () => {
  expect(callerFile('/callers', '../../KEY')).toBe('/callers/KEY.json');
});
