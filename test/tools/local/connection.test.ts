import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  connectedEnvironment,
  connectionVariables,
  readEnvironmentFile,
  withoutAwsSettings,
  writeEnvironmentFile,
} from '../../../tools/local/connection';
import { workspaceOf } from '../../../tools/local/workspace';

const connection = connectionVariables('https://127.0.0.1:1234', "/it's here/server.crt");

test("the environment file sets the endpoint and removes the user's profile and token", () => {
  const workspace = { ...workspaceOf('/x'), environmentFile: join(mkdtempSync(join(tmpdir(), 'env-')), 'env') };
  writeEnvironmentFile(workspace, connection);
  const script = '. "$1"; echo "$AWS_ENDPOINT_URL|$AWS_CA_BUNDLE|$NODE_EXTRA_CA_CERTS|$AWS_PROFILE|$AWS_SESSION_TOKEN"';
  const env = { PATH: process.env['PATH'], AWS_PROFILE: 'work', AWS_SESSION_TOKEN: 'secret' };
  const printed = execFileSync('sh', ['-c', script, 'sh', workspace.environmentFile], { encoding: 'utf8', env });
  expect(printed.trim()).toBe("https://127.0.0.1:1234|/it's here/server.crt|/it's here/server.crt||");
  expect(readEnvironmentFile(workspace)).toMatchObject(connection);
});

test('a command for the emulator gets no AWS setting of the user and no HTTP proxy', () => {
  process.env['AWS_PROFILE'] = 'work';
  process.env['NO_PROXY'] = 'intranet';
  const environment = connectedEnvironment(connection);
  delete process.env['AWS_PROFILE'];
  delete process.env['NO_PROXY'];
  expect(environment).toMatchObject({ ...connection, NO_PROXY: 'intranet,127.0.0.1', AWS_CONFIG_FILE: '/dev/null' });
  expect(environment).not.toHaveProperty('AWS_PROFILE');
});

test('a child process that starts node gets this version of Node', () => {
  const environment = withoutAwsSettings({ PATH: '/bin:/usr/bin', CDK_NEW_BOOTSTRAP: '1' });
  const version = execFileSync('sh', ['-c', 'node --version'], { encoding: 'utf8', env: environment });
  expect(version.trim()).toBe(process.version);
  expect(environment).not.toHaveProperty('CDK_NEW_BOOTSTRAP');
});
