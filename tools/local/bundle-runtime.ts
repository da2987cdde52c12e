import { buildSync } from 'esbuild';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from './workspace';

/** Scopes of the AWS SDK, which AWS's Node runtime brings along; CDK's own handlers rely on it. */
const sdkScopes = ['@aws-sdk', '@smithy', '@aws'] as const;

/** Writes the Lambda runtime as one file, and beside it the packages that every Node function finds on AWS. */
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
    // The handler is loaded by a path that is known at run time only.
    logOverride: { 'unsupported-dynamic-import': 'silent' },
  });
}
