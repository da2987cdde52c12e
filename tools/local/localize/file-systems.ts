import { mkdirSync } from 'node:fs';
import { isObject, listOf, nameOf, resourcesOf } from './assembly';
import type { Rule } from './rule';

/** Replaces a function's mount path in its environment variables by a local folder. */
export const fileSystems: Rule = {
  name: 'file-systems',
  reason: 'the emulator does not mount EFS; a local folder replaces it',
  apply(assembly, host) {
    return resourcesOf(assembly, 'AWS::Lambda::Function').flatMap((placed) => {
      const properties = placed.resource.Properties ?? {};
      const mounts = listOf(properties['FileSystemConfigs']).filter(isObject);
      const paths = mounts.map((mount) => mount['LocalMountPath']);
      if (paths.length === 0) return [];
      mkdirSync(host.fileSystems, { recursive: true });
      delete properties['FileSystemConfigs'];
      const environment = properties['Environment'];
      const variables = isObject(environment) ? environment['Variables'] : undefined;
      if (isObject(variables)) {
        for (const [name, value] of Object.entries(variables)) {
          if (paths.includes(value)) variables[name] = host.fileSystems;
        }
      }
      return [nameOf(placed)];
    });
  },
};
