import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../local/ports';
import { findPython } from '../local/python';
import type { Surroundings } from './check';

const run = promisify(execFile);

/** An account that answers at all does so within seconds; doctor is no place to wait for retries. */
const limits = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};

/** This machine, and the account of the shell's credentials. */
export function surroundingsOf(root: string, environment: NodeJS.ProcessEnv): Surroundings {
  return {
    // The Node that the shell has; commands bring their own.
    nodeVersion: /node\/v?([\d.]+)/.exec(environment['npm_config_user_agent'] ?? '')?.[1] ?? process.versions.node,
    npmVersion: async () =>
      /npm\/([\d.]+)/.exec(environment['npm_config_user_agent'] ?? '')?.[1] ?? (await versionOf('npm')),
    python: async () => (await findPython(environment['PYTHON'])).version,
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
    has: (path) => existsSync(join(root, path)),
    port: freePort,
    onPath: (command) =>
      Promise.resolve(
        [...(environment['PATH'] ?? '').split(delimiter), '/usr/sbin'].some((folder) =>
          existsSync(join(folder, command)),
        ),
      ),
    identity: async () => {
      if (!hasCredentials(environment)) return undefined;
      const client = new STSClient(limits);
      const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand({}));
      return { account: Account, arn: Arn, region: await client.config.region() };
    },
    bootstrapVersion: async () => {
      const { Stacks } = await new CloudFormationClient(limits).send(
        new DescribeStacksCommand({ StackName: 'CDKToolkit' }),
      );
      const version = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'BootstrapVersion')?.OutputValue;
      return version === undefined ? undefined : Number(version);
    },
  };
}

/** Without any of these, the SDK would look for an instance's role, and wait. */
function hasCredentials(environment: NodeJS.ProcessEnv): boolean {
  const named = [
    'AWS_ACCESS_KEY_ID',
    'AWS_PROFILE',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ];
  const home = environment['HOME'] ?? '';
  return (
    named.some((name) => (environment[name] ?? '') !== '') ||
    existsSync(environment['AWS_SHARED_CREDENTIALS_FILE'] ?? join(home, '.aws', 'credentials')) ||
    existsSync(environment['AWS_CONFIG_FILE'] ?? join(home, '.aws', 'config'))
  );
}

async function versionOf(command: string): Promise<string | undefined> {
  try {
    return (await run(command, ['--version'])).stdout.trim();
  } catch {
    return undefined;
  }
}
