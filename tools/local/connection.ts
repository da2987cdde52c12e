import { writeFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import type { Workspace } from './workspace';

/** The emulator's root key: a fixed one, good for nothing beyond the loopback interface of this machine. */
const key = 'test';

export const region = 'us-east-1';
export const account = '000000000000';

/** What the AWS SDKs, the AWS CLI and CDK need to talk to the emulator, as environment variables. */
export function connectionVariables(endpoint: string, certificate: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: key,
    AWS_SECRET_ACCESS_KEY: key,
    AWS_CA_BUNDLE: certificate,
    NODE_EXTRA_CA_CERTS: certificate,
  };
}

/**
 * This process's environment with the emulator's connection in place of any AWS setting: a profile, a session token or
 * an endpoint of the user's must not reach a command that is meant for the emulator.
 */
export function connectedEnvironment(connection: Record<string, string>): NodeJS.ProcessEnv {
  // CDK's CLI would ask a proxy for 127.0.0.1 otherwise.
  const noProxy = [process.env['NO_PROXY'], '127.0.0.1'].filter((part) => part !== undefined && part !== '').join(',');
  const proxy = { NO_PROXY: noProxy, no_proxy: noProxy };
  return { ...withoutAwsSettings(process.env), ...connection, ...proxy, AWS_EC2_METADATA_DISABLED: 'true' };
}

export function withoutAwsSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !/^(AWS|CDK)_/.test(name));
  return {
    ...Object.fromEntries(kept),
    // The SDKs read ~/.aws too; an empty file ends that.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    // What a child starts as `node` is the Node that this runs on.
    PATH: [dirname(process.execPath), environment['PATH']].join(delimiter),
  };
}

/** Writes `.local/env`, to be read by `source .local/env` in any POSIX shell. */
export function writeEnvironmentFile(workspace: Workspace, connection: Record<string, string>): void {
  const lines = Object.entries(connection).map(([name, value]) => `export ${name}=${shellQuoted(value)}`);
  const text = [
    // A token or a profile of the user's own would be sent beside the emulator's key, an endpoint of one service or a
    // proxy would lead elsewhere.
    'unset AWS_PROFILE AWS_SESSION_TOKEN $(env | sed -n "s/^\\(AWS_ENDPOINT_URL_[A-Z0-9_]*\\)=.*/\\1/p")',
    'export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null NO_PROXY=127.0.0.1 no_proxy=127.0.0.1',
    ...lines,
    '',
  ].join('\n');
  writeFileSync(workspace.environmentFile, text);
}

export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
