import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { account } from '../connection';
import { isObject, listOf, mapJson, nameOf, resourcesOf, type Json, type JsonObject, type Stack } from './assembly';
import { referenceOf } from './removal';
import type { Host, Rule } from './rule';

/** Node.js and handler in an image on Lambda's base image: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-image.html */
const nodeInImage = '/var/lang/bin/node';
const codeInImage = '/var/task/';

/**
 * Replaces images by the folders that Docker would build them from: a container's command and variables name the files of this
 * machine, as `tools/local/tasks` starts them.
 */
export const containerImages: Rule = {
  name: 'container-images',
  reason: 'there is no Docker here: tasks run the code of their image as processes',
  apply(assembly, host) {
    return assembly.stacks.flatMap((stack) => {
      const folders = assembly.takeImages(stack);
      if (folders.size === 0) return [];
      return resourcesOf(assembly, 'AWS::ECS::TaskDefinition')
        .filter((placed) => placed.stack === stack)
        .map((placed) => {
          const properties = placed.resource.Properties ?? {};
          properties['ContainerDefinitions'] = listOf(properties['ContainerDefinitions']).map((container) =>
            isObject(container) ? localContainer(container, folders, host) : container,
          );
          trustThisMachine(stack, properties['TaskRoleArn']);
          return nameOf(placed);
        });
    });
  },
};

function localContainer(container: JsonObject, folders: ReadonlyMap<string, string>, host: Host): JsonObject {
  const tag = JSON.stringify(container['Image'] ?? '').match(/[0-9a-f]{64}/)?.[0] ?? '';
  const folder = folders.get(tag);
  if (folder === undefined) return container;
  const inPlace = (value: Json): Json =>
    typeof value === 'string'
      ? value
          .replaceAll(nodeInImage, host.node)
          .replaceAll(codeInImage, `${join(folder, 'handler')}/`)
          .replace(/^\/opt\/.+/, (path) => nativeFile(host, path))
      : value;
  const environment = [
    ...listOf(container['Environment']),
    ...(host.browser === undefined ? [] : [{ Name: 'CHROMIUM_EXECUTABLE', Value: host.browser }]),
  ];
  return mapJson({ ...container, Environment: environment, Image: folder }, inPlace) as JsonObject;
}

/** Lets the process that starts tasks take their role, which ECS does there. */
function trustThisMachine({ template }: Stack, role: Json | undefined): void {
  const document = template.Resources[referenceOf(role)?.id ?? '']?.Properties?.['AssumeRolePolicyDocument'];
  if (!isObject(document)) return;
  document['Statement'] = [
    ...listOf(document['Statement']),
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${account}:root` } },
  ];
}

/** File of the packages that an image installs in `/opt`, which `npm ci` has installed here. */
function nativeFile({ packages }: Host, path: string): string {
  const native = join(dirname(packages), '.native');
  const slugs = existsSync(native) ? readdirSync(native) : [];
  const files = slugs.map((slug) => join(native, slug, 'x86_64', path));
  return files.find((file) => existsSync(file)) ?? path;
}
