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
 * machine, as `tools/local/tasks` starts them; a function gets a zip of the handler in its image.
 */
export const containerImages: Rule = {
  name: 'container-images',
  reason: 'there is no Docker here: tasks and functions run the code of their image as processes',
  apply(assembly, host) {
    return assembly.stacks.flatMap((stack) => {
      const folders = assembly.takeImages(stack);
      if (folders.size === 0) return [];
      const ofStack = (type: string) => resourcesOf(assembly, type).filter((placed) => placed.stack === stack);
      const functions = ofStack('AWS::Lambda::Function')
        .filter(({ resource }) => resource.Properties?.['PackageType'] === 'Image')
        .map((placed) => {
          unpackImage(placed.resource.Properties ?? {}, folders, (folder) => assembly.addZip(stack, folder));
          const environment = placed.resource.Properties?.['Environment'] ?? {};
          placed.resource.Properties = {
            ...placed.resource.Properties,
            Environment: mapJson(environment, (value) => nativePath(host, value)),
          };
          return nameOf(placed);
        });
      const tasks = ofStack('AWS::ECS::TaskDefinition').map((placed) => {
        const properties = placed.resource.Properties ?? {};
        properties['ContainerDefinitions'] = listOf(properties['ContainerDefinitions']).map((container) =>
          isObject(container) ? localContainer(container, folders, host) : container,
        );
        trustThisMachine(stack, properties['TaskRoleArn']);
        return nameOf(placed);
      });
      return [...functions, ...tasks];
    });
  },
};

/** Makes a function of its image's handler, with the runtime of the base image. */
function unpackImage(
  properties: JsonObject,
  folders: ReadonlyMap<string, string>,
  addZip: (folder: string) => JsonObject,
): void {
  const folder = folderOf(properties['Code'], folders);
  if (folder === undefined) return;
  delete properties['PackageType'];
  delete properties['ImageConfig'];
  Object.assign(properties, {
    Code: addZip(join(folder, 'handler')),
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
  });
}

/** Folder of the image that a property names by its tag. */
function folderOf(image: Json | undefined, folders: ReadonlyMap<string, string>): string | undefined {
  return folders.get(JSON.stringify(image ?? '').match(/[0-9a-f]{64}/)?.[0] ?? '');
}

function localContainer(container: JsonObject, folders: ReadonlyMap<string, string>, host: Host): JsonObject {
  const folder = folderOf(container['Image'], folders);
  if (folder === undefined) return container;
  const inPlace = (value: Json): Json =>
    typeof value === 'string'
      ? value.replaceAll(nodeInImage, host.node).replaceAll(codeInImage, `${join(folder, 'handler')}/`)
      : value;
  const environment = [
    ...listOf(container['Environment']),
    ...(host.browser === undefined ? [] : [{ Name: 'CHROMIUM_EXECUTABLE', Value: host.browser }]),
  ];
  return mapJson({ ...container, Environment: environment, Image: folder }, (value) =>
    nativePath(host, inPlace(value)),
  ) as JsonObject;
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

/** Replaces the path of a file in `/opt`, where an image installs packages, by that of the file that `npm ci` has installed here. */
function nativePath({ packages }: Host, path: Json): Json {
  if (typeof path !== 'string' || !/^\/opt\/./.test(path)) return path;
  const native = join(dirname(packages), '.native');
  const slugs = existsSync(native) ? readdirSync(native) : [];
  const files = slugs.map((slug) => join(native, slug, 'x86_64', path));
  return files.find((file) => existsSync(file)) ?? path;
}
