import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { Workspace } from './workspace';

/** Root key of the emulator; it is fixed, and the emulator listens on the loopback interface only. */
const key = 'test';

export const region = 'us-east-1';
export const account = '000000000000';

/**
 * Environment variables with which AWS SDKs, the AWS CLI and CDK connect to the emulator.
 *
 * @param ec2Endpoint endpoint of the EC2 proxy, through which requests to EC2 go
 */
export function connectionVariables(
  endpoint: string,
  certificate: string,
  ec2Endpoint = endpoint,
): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_EC2: ec2Endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: key,
    AWS_SECRET_ACCESS_KEY: key,
    AWS_CA_BUNDLE: certificate,
    NODE_EXTRA_CA_CERTS: certificate,
  };
}

/**
 * Environment of this process with all AWS settings replaced by the emulator's: the user's profile, session token or endpoint
 * must not reach a command that is meant for the emulator.
 */
export function connectedEnvironment(connection: Record<string, string>): NodeJS.ProcessEnv {
  // CDK's CLI would send requests to 127.0.0.1 through an HTTP proxy otherwise.
  const noProxy = [process.env['NO_PROXY'], '127.0.0.1'].filter((part) => part !== undefined && part !== '').join(',');
  const proxy = { NO_PROXY: noProxy, no_proxy: noProxy };
  return { ...withoutAwsSettings(process.env), ...connection, ...proxy, AWS_EC2_METADATA_DISABLED: 'true' };
}

/** Connects the AWS SDK clients of this process to the emulator, and trusts its certificate. */
export function connectProcess(connection: Record<string, string>): void {
  const environment = connectedEnvironment(connection);
  for (const name of Object.keys(process.env))
    if (environment[name] === undefined) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, environment);
  // NODE_EXTRA_CA_CERTS is read when Node starts.
  const certificate = readFileSync(connection['NODE_EXTRA_CA_CERTS'] ?? '', 'utf8');
  setDefaultCACertificates([...getCACertificates('default'), certificate]);
}

export function withoutAwsSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !/^(AWS|CDK)_/.test(name));
  return {
    ...Object.fromEntries(kept),
    // The SDKs read ~/.aws unless these name another file.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    // `node` in a child process is the Node that runs this process.
    PATH: [dirname(process.execPath), environment['PATH']].join(delimiter),
  };
}

/** Writes `.local/env` for `source .local/env` in any POSIX shell. */
export function writeEnvironmentFile(workspace: Workspace, connection: Record<string, string>): void {
  const lines = Object.entries(connection).map(([name, value]) => `export ${name}=${shellQuoted(value)}`);
  const text = [
    // The user's own profile, session token, service endpoints and HTTP proxy would take precedence.
    'unset AWS_PROFILE AWS_SESSION_TOKEN $(env | sed -n "s/^\\(AWS_ENDPOINT_URL_[A-Z0-9_]*\\)=.*/\\1/p")',
    'export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null NO_PROXY=127.0.0.1 no_proxy=127.0.0.1',
    ...lines,
    '',
  ].join('\n');
  writeFileSync(workspace.environmentFile, text);
}

/** Reads the variables that `writeEnvironmentFile` has written. */
export function readEnvironmentFile({ environmentFile }: Pick<Workspace, 'environmentFile'>): Record<string, string> {
  const lines = readFileSync(environmentFile, 'utf8').matchAll(/^export (\w+)='(.*)'$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value.replaceAll(`'\\''`, "'")]));
}

export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
