import { buildSync } from 'esbuild';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
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
