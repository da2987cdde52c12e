import { existsSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleRuntime } from '../../../tools/local/bundle-runtime';
import { workspaceOf } from '../../../tools/local/workspace';

test('the runtime is one file, beside the AWS SDK and nothing else of the project', () => {
  const root = mkdtempSync(join(tmpdir(), 'runtime-'));
  for (const name of ['tools', 'node_modules']) symlinkSync(join(__dirname, '../../..', name), join(root, name), 'dir');
  const workspace = workspaceOf(root);
  bundleRuntime(workspace);
  expect(existsSync(workspace.runtimeClient)).toBe(true);
  expect(readdirSync(workspace.runtimePackages).sort()).toEqual(['@aws', '@aws-sdk', '@smithy']);
  expect(existsSync(join(workspace.runtimePackages, '@aws-sdk', 'client-s3', 'package.json'))).toBe(true);
});
