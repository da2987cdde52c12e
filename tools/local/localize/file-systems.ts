import { mkdirSync } from 'node:fs';
import { isObject, listOf, nameOf, resourcesOf } from './assembly';
import type { Rule } from './rule';

/** Replaces a function's mount path, at the beginning of its environment variables, by a local folder. */
export const fileSystems: Rule = {
  name: 'file-systems',
  reason: 'the emulator mounts no file system; a local folder replaces it',
  apply(assembly, host) {
    return resourcesOf(assembly, 'AWS::Lambda::Function').flatMap((placed) => {
      const properties = placed.resource.Properties ?? {};
      const mounts = listOf(properties['FileSystemConfigs']).filter(isObject);
      const paths = mounts.map((mount) => mount['LocalMountPath']).filter((path) => typeof path === 'string');
      if (paths.length === 0) return [];
      mkdirSync(host.fileSystems, { recursive: true });
      delete properties['FileSystemConfigs'];
      const environment = properties['Environment'];
      const variables = isObject(environment) ? environment['Variables'] : undefined;
      if (isObject(variables)) {
        for (const [name, value] of Object.entries(variables)) {
          if (typeof value !== 'string') continue;
          const path = paths.find((one) => value === one || value.startsWith(`${one}/`));
          if (path !== undefined) variables[name] = host.fileSystems + value.slice(path.length);
        }
      }
      return [nameOf(placed)];
    });
  },
};
