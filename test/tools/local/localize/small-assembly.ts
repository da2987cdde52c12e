import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Assembly, type JsonObject, type Resource } from '../../../../tools/local/localize/assembly';
import type { Host } from '../../../../tools/local/localize/rule';

export const handlerHash = 'a'.repeat(64);
export const layerHash = 'b'.repeat(64);
export const templateHash = 'c'.repeat(64);

export const host: Host = {
  node: '/opt/node 24/bin/node',
  runtimeClient: '/somewhere/client.js',
  hiddenVariables: ['USE_SSL', 'AUTH'],
  platform: 'linux',
  packages: '/nowhere/node_modules',
  fileSystems: join(mkdtempSync(join(tmpdir(), 'file-systems-')), 'mounted'),
  now: new Date('2026-01-02T03:04:05.678Z'),
  endpoint: 'https://127.0.0.1:4566',
};

/** Writes an assembly of one stack named Photos, with one handler asset and one layer asset, and returns its folder. */
export function writeAssembly(resources: Record<string, Resource>, outputs?: JsonObject): string {
  const folder = mkdtempSync(join(tmpdir(), 'assembly-'));
  const write = (file: string, content: unknown): void => writeFileSync(join(folder, file), JSON.stringify(content));
  mkdirSync(join(folder, `asset.${handlerHash}`));
  writeFileSync(join(folder, `asset.${handlerHash}`, 'index.js'), 'exports.handler = async () => 1;');
  mkdirSync(join(folder, `asset.${layerHash}`, 'nodejs', 'node_modules', 'tool'), { recursive: true });
  writeFileSync(join(folder, `asset.${layerHash}`, 'nodejs', 'node_modules', 'tool', 'index.js'), '');
  write('Photos.template.json', { Resources: resources, ...(outputs === undefined ? {} : { Outputs: outputs }) });
  write('Photos.assets.json', {
    files: {
      [handlerHash]: asset(`asset.${handlerHash}`, 'zip', `${handlerHash}.zip`),
      [layerHash]: asset(`asset.${layerHash}`, 'zip', `${layerHash}.zip`),
      [`${templateHash}-current`]: asset('Photos.template.json', 'file', `${templateHash}.json`),
    },
  });
  write('manifest.json', {
    artifacts: {
      'Photos.assets': {
        type: 'cdk:asset-manifest',
        properties: { file: 'Photos.assets.json', requiresBootstrapStackVersion: 6 },
      },
      Photos: {
        type: 'aws:cloudformation:stack',
        properties: {
          templateFile: 'Photos.template.json',
          assumeRoleArn: 'arn:deploy',
          cloudFormationExecutionRoleArn: 'arn:execute',
          lookupRole: { arn: 'arn:lookup' },
          stackTemplateAssetObjectUrl: `s3://assets/${templateHash}.json`,
        },
      },
    },
  });
  return folder;
}

/** The same, read. */
export function assemblyOf(resources: Record<string, Resource>, outputs?: JsonObject): Assembly {
  return Assembly.read(writeAssembly(resources, outputs));
}

/** The only stack's template. */
export function templateOf(assembly: Assembly): Assembly['stacks'][number]['template'] {
  const [stack] = assembly.stacks;
  if (stack === undefined) throw new Error('the assembly has no stack');
  return stack.template;
}

/** A Node function whose code is the handler asset. */
export function nodeFunction(properties: JsonObject = {}): Resource {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { S3Bucket: 'assets', S3Key: `${handlerHash}.zip` },
      ...properties,
    },
    Metadata: { 'aws:cdk:path': 'Photos/Resize/Resource' },
  };
}

function asset(path: string, packaging: string, objectKey: string): JsonObject {
  return {
    source: { path, packaging },
    destinations: { here: { bucketName: 'assets', objectKey, assumeRoleArn: 'arn:publish' } },
  };
}
