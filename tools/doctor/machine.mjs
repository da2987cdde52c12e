import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An account that responds at all does so within seconds. */
const limits = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};

const pythons = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

/** `ensurepip` is missing if a distribution ships Python without venv. */
const probe = 'import sys, venv, ensurepip; assert sys.version_info >= (3, 10); print(*sys.version_info[:3], sep=".")';

/**
 * This machine, and the account of the shell's credentials.
 *
 * @param {string} root of the repository
 * @param {NodeJS.ProcessEnv} environment
 * @returns {import('./checks.d.mts').Machine}
 */
export function machineOf(root, environment) {
  const agent = environment.npm_config_user_agent ?? '';
  return {
    // The shell's Node.js: npm scripts run the one in node_modules.
    nodeVersion: /node\/v?([\d.]+)/.exec(agent)?.[1] ?? process.versions.node,
    npmVersion: async () => /npm\/([\d.]+)/.exec(agent)?.[1] ?? (await outputOf('npm', ['--version'])),
    pythonVersion: async () => {
      for (const command of environment.PYTHON ? [environment.PYTHON] : pythons) {
        const version = await outputOf(command, ['-c', probe]);
        if (version !== undefined) return version;
      }
      return undefined;
    },
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
    has: (path) => existsSync(join(root, path)),
    openPort,
    onPath: async (command) => {
      if (command === 'chromium' && environment.CHROME) return existsSync(environment.CHROME);
      if (command.startsWith('/')) return existsSync(command);
      const folders = [...(environment.PATH ?? '').split(delimiter), '/usr/sbin'];
      return folders.some((folder) => existsSync(join(folder, command)));
    },
    identity: async () => {
      if (!hasCredentials(environment)) return 'no credentials';
      const sts = await import('@aws-sdk/client-sts').catch(() => undefined);
      if (sts === undefined) return 'not checked before npm ci';
      const client = new sts.STSClient(limits);
      const { Account = '', Arn = '' } = await client.send(new sts.GetCallerIdentityCommand({}));
      return { account: Account, arn: Arn, region: await client.config.region() };
    },
    bootstrapVersion: async () => {
      const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
      const described = await new CloudFormationClient(limits).send(
        new DescribeStacksCommand({ StackName: 'CDKToolkit' }),
      );
      const outputs = described.Stacks?.[0]?.Outputs ?? [];
      const version = outputs.find(({ OutputKey }) => OutputKey === 'BootstrapVersion')?.OutputValue;
      return version === undefined ? undefined : Number(version);
    },
    hasGatewayLogRole: async () => {
      const { APIGatewayClient, GetAccountCommand } = await import('@aws-sdk/client-api-gateway');
      return Boolean((await new APIGatewayClient(limits).send(new GetAccountCommand({}))).cloudwatchRoleArn);
    },
  };
}

function openPort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Without any of these, the SDK would look for the role of an instance, and wait. */
function hasCredentials(environment) {
  const named = [
    'AWS_ACCESS_KEY_ID',
    'AWS_PROFILE',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ];
  const home = environment.HOME ?? '';
  return (
    named.some((name) => environment[name]) ||
    existsSync(environment.AWS_SHARED_CREDENTIALS_FILE ?? join(home, '.aws', 'credentials')) ||
    existsSync(environment.AWS_CONFIG_FILE ?? join(home, '.aws', 'config'))
  );
}

async function outputOf(command, args) {
  try {
    return (await run(command, args, { timeout: 10_000 })).stdout.trim();
  } catch {
    return undefined;
  }
}
