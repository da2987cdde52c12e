import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrap, deploy, synthesize } from '../../../tools/local/cdk';
import { ChildProcesses } from '../../../tools/local/child-processes';
import { connectionVariables } from '../../../tools/local/connection';
import { workspaceOf } from '../../../tools/local/workspace';

const connection = connectionVariables('https://127.0.0.1:1', '/cert');

/** A checkout whose CDK CLI writes down how it was called. */
function checkout() {
  const workspace = workspaceOf(mkdtempSync(join(tmpdir(), 'cdk-')));
  const bin = join(workspace.root, 'node_modules', 'aws-cdk', 'bin');
  mkdirSync(bin, { recursive: true });
  mkdirSync(workspace.folder, { recursive: true });
  const call = join(workspace.root, 'call.json');
  writeFileSync(
    join(bin, 'cdk'),
    `const { argv, env } = process; require('node:fs').writeFileSync(${JSON.stringify(call)}, JSON.stringify({ args: argv.slice(2), folder: process.cwd(), env }));`,
  );
  const children = new ChildProcesses('cdk-test', () => undefined);
  const read = () =>
    JSON.parse(readFileSync(call, 'utf8')) as { args: string[]; folder: string; env: Record<string, string> };
  return { workspace, cdk: { workspace, children }, read };
}

const silent = (): void => undefined;

test('synthesis is for this machine, with the settings of the run and without credentials', async () => {
  const { cdk, read, workspace } = checkout();
  await synthesize(cdk, [{ slug: 'image-resize', json: '{"a":1}' }], workspace.variantAssembly, silent);
  const { args, env } = read();
  expect(args.slice(0, 5)).toEqual(['synth', '--quiet', '--output', workspace.variantAssembly, '--no-validation']);
  expect(args).toEqual(
    expect.arrayContaining([`architecture=${process.arch === 'arm64' ? 'arm64' : 'x86_64'}`, 'image-resize={"a":1}']),
  );
  expect(env).not.toHaveProperty('AWS_ACCESS_KEY_ID');
  expect(env['CDK_HOME']).toBe(workspace.cdkHome);
});

test('bootstrap synthesizes no app', async () => {
  const { cdk, read, workspace } = checkout();
  await bootstrap(cdk, connection, silent);
  expect(read()).toMatchObject({ folder: workspace.folder, env: connection });
  expect(read().args).toEqual(['bootstrap', 'aws://000000000000/us-east-1', '--no-color']);
});

test('the localized assembly is deployed, whole or by stack, and its outputs are written', async () => {
  const { cdk, read, workspace } = checkout();
  await deploy(cdk, connection, [], silent);
  expect(read().args).toEqual(
    expect.arrayContaining([
      'deploy',
      '--all',
      '--app',
      workspace.localizedAssembly,
      '--outputs-file',
      workspace.outputs,
    ]),
  );
  await deploy(cdk, connection, ['ImageResize'], silent);
  expect(read().args.slice(0, 2)).toEqual(['deploy', 'ImageResize']);
});
