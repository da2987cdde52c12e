import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Assembly, type Resource } from '../../../../tools/local/localize/assembly';
import { containerImages } from '../../../../tools/local/localize/container-images';
import { host, writeAssembly } from './small-assembly';

const tag = 'd'.repeat(64);

function assemblyWithImage(others: Record<string, Resource> = {}): {
  readonly folder: string;
  readonly assembly: Assembly;
} {
  const folder = writeAssembly({
    ...others,
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: {
        ContainerDefinitions: [
          {
            Image: { 'Fn::Sub': `\${AWS::AccountId}.dkr.ecr.\${AWS::Region}.amazonaws.com/assets:${tag}` },
            EntryPoint: ['/var/lang/bin/node', '-e', "require('/var/task/index.js').run()"],
            Environment: [
              { Name: 'BROWSER', Value: '/opt/browser' },
              { Name: 'OTHER', Value: '/opt/unknown' },
            ],
          },
        ],
      },
    },
  });
  const file = join(folder, 'Photos.assets.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(
    file,
    JSON.stringify({ ...manifest, dockerImages: { [tag]: { source: { directory: `asset.${tag}` } } } }),
  );
  return { folder, assembly: Assembly.read(folder) };
}

it('a container runs the code and the packages of this machine, and no image is built', () => {
  const root = mkdtempSync(join(tmpdir(), 'root-'));
  const packages = join(root, '.native', 'photos', 'x86_64', 'opt');
  mkdirSync(join(packages, 'browser'), { recursive: true });
  const { folder, assembly } = assemblyWithImage();
  expect(containerImages.apply(assembly, { ...host, packages: join(root, 'node_modules') })).toEqual(['Photos/Task']);
  expect(assembly.stacks[0]?.template.Resources['Task']?.Properties?.['ContainerDefinitions']).toEqual([
    {
      Image: join(folder, `asset.${tag}`),
      EntryPoint: [host.node, '-e', `require('${join(folder, `asset.${tag}`, 'handler')}/index.js').run()`],
      Environment: [
        { Name: 'BROWSER', Value: join(packages, 'browser') },
        { Name: 'OTHER', Value: '/opt/unknown' },
      ],
    },
  ]);
  assembly.write();
  expect(readFileSync(join(folder, 'Photos.assets.json'), 'utf8')).not.toContain('dockerImages');
});

it('a container uses the browser of a machine that cannot run the packaged one', () => {
  const { assembly } = assemblyWithImage();
  containerImages.apply(assembly, { ...host, browser: '/usr/bin/chrome' });
  expect(JSON.stringify(assembly.stacks[0]?.template)).toContain(
    '{"Name":"CHROMIUM_EXECUTABLE","Value":"/usr/bin/chrome"}',
  );
});

it('a function of an image gets a zip of its handler, and the packages of this machine', () => {
  const root = mkdtempSync(join(tmpdir(), 'root-'));
  const browser = join(root, '.native', 'photos', 'x86_64', 'opt', 'browser');
  mkdirSync(browser, { recursive: true });
  const { folder, assembly } = assemblyWithImage({
    Resize: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        PackageType: 'Image',
        Code: { ImageUri: { 'Fn::Sub': `assets:${tag}` } },
        Environment: { Variables: { BROWSER: '/opt/browser' } },
      },
    },
  });
  mkdirSync(join(folder, `asset.${tag}`, 'handler'), { recursive: true });
  writeFileSync(join(folder, `asset.${tag}`, 'handler', 'index.js'), '');
  containerImages.apply(assembly, { ...host, packages: join(root, 'node_modules') });
  const [stack] = assembly.stacks;
  const properties = stack?.template.Resources['Resize']?.Properties ?? {};
  expect(properties).toMatchObject({
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Environment: { Variables: { BROWSER: browser } },
  });
  expect(properties['PackageType']).toBeUndefined();
  const asset = stack === undefined ? undefined : assembly.assetFolder(stack, properties['Code']);
  expect(existsSync(join(asset ?? '', 'index.js'))).toBe(true);
});
