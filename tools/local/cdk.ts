import { join } from 'node:path';
import type { ChildProcesses } from './child-processes';
import { account, connectedEnvironment, region, withoutAwsSettings } from './connection';
import type { Workspace } from './workspace';

/** Context of the run's CDK commands. */
export interface Cdk {
  readonly workspace: Workspace;
  readonly children: ChildProcesses;
}

/** Settings of one architecture that replace its defaults, as JSON text. */
export interface Override {
  readonly slug: string;
  readonly json: string;
}

/**
 * Synthesizes the app for this machine's processor; needs neither credentials nor network.
 *
 * @param assembly folder to write
 */
export async function synthesize(
  { workspace, children }: Cdk,
  overrides: readonly Override[],
  assembly: string,
  onOutput: (text: string) => void,
): Promise<void> {
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  const context = [`architecture=${architecture}`, ...overrides.map(({ slug, json }) => `${slug}=${json}`)];
  const options = context.flatMap((one) => ['-c', one]);
  await children.run(
    {
      ...command(workspace, 'synth', ['--quiet', '--output', assembly, '--no-validation', ...options]),
      environment: { ...withoutAwsSettings(process.env), ...quiet(workspace), AWS_EC2_METADATA_DISABLED: 'true' },
      onOutput,
    },
    { withinSeconds: 600 },
  );
}

/** Creates the bucket for assets. */
export async function bootstrap(
  { workspace, children }: Cdk,
  connection: Record<string, string>,
  onOutput: (text: string) => void,
): Promise<void> {
  await children.run(
    {
      ...command(workspace, 'bootstrap', [`aws://${account}/${region}`]),
      // Without a cdk.json in the folder no app is synthesized.
      folder: workspace.folder,
      environment: { ...connectedEnvironment(connection), ...quiet(workspace) },
      onOutput,
    },
    { withinSeconds: 300 },
  );
}

/**
 * Deploys stacks of the localized assembly.
 *
 * @param ids of the stacks; empty for all
 */
export async function deploy(
  { workspace, children }: Cdk,
  connection: Record<string, string>,
  ids: readonly string[],
  onOutput: (text: string) => void,
): Promise<void> {
  const which = ids.length === 0 ? ['--all'] : ids;
  await children.run(
    {
      ...command(workspace, 'deploy', [
        ...which,
        ...['--app', workspace.localizedAssembly, '--outputs-file', workspace.outputs],
        ...['--method', 'direct', '--concurrency', '5', '--require-approval', 'never', '--progress', 'events'],
      ]),
      environment: { ...connectedEnvironment(connection), ...quiet(workspace) },
      onOutput,
    },
    { withinSeconds: 600 },
  );
}

function command(workspace: Workspace, name: string, options: readonly string[]) {
  return {
    what: `cdk ${name}`,
    file: process.execPath,
    arguments: [join(workspace.root, 'node_modules', 'aws-cdk', 'bin', 'cdk'), name, ...options, '--no-color'],
    folder: workspace.root,
    log: workspace.log(name),
  };
}

/** The CLI checks for no updates and writes only below `.local/`. */
function quiet(workspace: Workspace): NodeJS.ProcessEnv {
  return { CDK_HOME: workspace.cdkHome, CDK_DISABLE_VERSION_CHECK: '1', CDK_DISABLE_CLI_TELEMETRY: 'true' };
}
