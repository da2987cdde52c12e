import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProcesses } from '../../../tools/local/child-processes';
import { ensureCertificate } from '../../../tools/local/certificate';
import { shellQuoted } from '../../../tools/local/connection';
import { emulatorSettings, hiddenFromFunctions, startEmulator } from '../../../tools/local/emulator';
import { workspaceOf } from '../../../tools/local/workspace';

/** A stand-in for the virtual environment's Python. */
function starting(script: string) {
  const root = mkdtempSync(join(tmpdir(), 'emulator-'));
  const workspace = workspaceOf(root);
  ensureCertificate({ certificate: workspace.certificate, key: workspace.certificateKey }, new Date());
  const python = join(root, 'python');
  writeFileSync(python, script);
  chmodSync(python, 0o755);
  const children = new ChildProcesses('emulator-test', () => undefined);
  return { children, start: () => startEmulator({ workspace, children, python, temporaryFolder: root }) };
}

test('it listens on loopback only, with authorization', () => {
  expect(emulatorSettings).toMatchObject({ BIND_HOST: '127.0.0.1', AUTH: 'true', USE_SSL: '1' });
});

test('functions see none of its settings', () => {
  expect(hiddenFromFunctions()).toEqual(expect.arrayContaining([...Object.keys(emulatorSettings), 'GATEWAY_PORT']));
});

test('returns version and connection once it is healthy', async () => {
  // Not as the first line's interpreter: that takes no path with a space, and none that is long.
  const { start, children } = starting(`#!/bin/sh
exec ${shellQuoted(process.execPath)} - <<'END'
const { readFileSync } = require('node:fs');
const { env } = process;
const tls = { cert: readFileSync(env.MINISTACK_SSL_CERT), key: readFileSync(env.MINISTACK_SSL_KEY) };
require('node:https').createServer(tls, (_, r) => r.end(JSON.stringify({ version: '9.9' }))).listen(env.GATEWAY_PORT, env.BIND_HOST);
END
`);
  const emulator = await start();
  await children.endAll();
  expect(emulator.version).toBe('9.9');
  expect(emulator.endpoint).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect(emulator.connection).toMatchObject({ AWS_ENDPOINT_URL: emulator.endpoint, AWS_ACCESS_KEY_ID: 'test' });
});

test('an exit during startup reports the end of the log', async () => {
  const { start } = starting('#!/bin/sh\necho no module named ministack\nexit 1\n');
  await expect(start()).rejects.toThrow(/exited during startup.*no module named ministack/s);
});

test('it does not inherit the environment of this process', async () => {
  process.env['LEAK'] = 'secret';
  const { start } = starting('#!/bin/sh\nenv\nexit 1\n');
  const message = await start().then(String, String);
  delete process.env['LEAK'];
  expect(message).toContain('AWS_ACCESS_KEY_ID=test');
  expect(message).not.toContain('LEAK');
});
