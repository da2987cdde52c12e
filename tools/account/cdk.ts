import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Settings } from '../../scenarios/shared/scenario';
import type { ChildProcesses } from '../local/child-processes';
import type { RunFolder } from './run-folder';

export interface CdkRun {
  readonly root: string;
  readonly folder: RunFolder;
  readonly children: ChildProcesses;
}

/** Longest deployment, in seconds: a database with its proxy takes a third of it. */
const longestDeployment = 3_600;

/** Synthesizes the app with the settings of an architecture; returns the assembly's folder. */
export async function synthesize(run: CdkRun, slug: string, settings: Settings, onOutput: (text: string) => void) {
  const { assembly } = run.folder;
  const context = Object.keys(settings).length === 0 ? [] : ['-c', `${slug}=${JSON.stringify(settings)}`];
  await cdk(run, 'synth', ['--quiet', '--no-validation', '--output', assembly, ...context], 120, onOutput);
  return assembly;
}

/** Deploys a stack of the assembly; started again, it goes on where it ended. */
export async function deploy(
  run: CdkRun,
  assembly: string,
  stack: string,
  onOutput: (text: string) => void,
): Promise<void> {
  const options = ['--app', assembly, '--require-approval', 'never', '--progress', 'events'];
  await cdk(run, 'deploy', [stack, ...options], longestDeployment, onOutput);
}

function cdk(
  { root, folder, children }: CdkRun,
  name: string,
  options: readonly string[],
  withinSeconds: number,
  onOutput: (text: string) => void,
): Promise<number> {
  return children.run(
    {
      what: `cdk ${name}`,
      file: process.execPath,
      arguments: [join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk'), name, ...options, '--no-color', '--no-notices'],
      folder: root,
      environment: process.env,
      log: folder.log(name),
      onOutput,
    },
    { withinSeconds },
  );
}

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({ properties: z.looseObject({ requiresBootstrapStackVersion: z.number().optional() }).optional() }),
  ),
});

/** Version of CDK's bootstrap stack that the assembly asks for; 0 for none. */
export function neededBootstrap(assembly: string, stack: string): number {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8')));
  return manifest.artifacts[stack]?.properties?.requiresBootstrapStackVersion ?? 0;
}
