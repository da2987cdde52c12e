import { buildSync } from 'esbuild';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readServiceModels } from './calls/service-model';
import type { Workspace } from './workspace';

/** Scopes of the AWS SDK, which AWS's Node runtime includes; CDK's own handlers rely on it. */
const sdkScopes = ['@aws-sdk', '@smithy', '@aws'] as const;

/** Writes the Lambda runtime as one file, next to the packages that AWS's Node runtime includes. */
export function bundleRuntime(workspace: Workspace): void {
  bundleRuntimeClient(workspace.root, workspace.runtimeClient);
  rmSync(workspace.runtimePackages, { recursive: true, force: true });
  mkdirSync(workspace.runtimePackages, { recursive: true });
  for (const scope of sdkScopes) {
    symlinkSync(join(workspace.root, 'node_modules', scope), join(workspace.runtimePackages, scope), 'dir');
  }
}

/** Writes AWS's service models next to the runtime, which checks each request of a function against them. */
export function writeServiceModels({ venv, runtimeClient }: Workspace): void {
  writeFileSync(join(dirname(runtimeClient), 'service-models.json'), JSON.stringify(readServiceModels(venv)));
}

export function bundleRuntimeClient(root: string, file: string): void {
  buildSync({
    entryPoints: [join(root, 'tools', 'local', 'runtime', 'client.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // The path of the handler is known at run time only.
    logOverride: { 'unsupported-dynamic-import': 'silent' },
  });
}
