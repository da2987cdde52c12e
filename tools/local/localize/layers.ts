import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, listOf, nameOf, resourcesOf, type JsonObject } from './assembly';
import { referenceOf } from './removal';
import type { Rule } from './rule';

/**
 * Copies a layer's packages into the functions that use it. Any other content stays where it was synthesized, and the
 * functions' environment variables name it there in place of `/opt`. Runs before the rule runtime-client.
 */
export const layers: Rule = {
  name: 'layers',
  reason: 'the emulator does not mount layers; functions get their packages, or the path of their content',
  apply(assembly) {
    return resourcesOf(assembly, 'AWS::Lambda::Function').flatMap((placed) => {
      const { stack, resource } = placed;
      const properties = resource.Properties ?? {};
      const target = assembly.assetFolder(stack, properties['Code']);
      if (properties['Layers'] === undefined || target === undefined) return [];
      for (const layer of listOf(properties['Layers'])) {
        const layerId = referenceOf(layer)?.id ?? '';
        const content = stack.template.Resources[layerId]?.Properties?.['Content'];
        const folder = assembly.assetFolder(stack, content);
        if (content === undefined || folder === undefined) continue;
        const packages = join(folder, 'nodejs', 'node_modules');
        if (existsSync(packages)) {
          cpSync(packages, join(target, 'node_modules'), { recursive: true });
          assembly.markAssetChanged(target, `layer ${JSON.stringify(content)}`);
        } else if (nameInPlace(properties, folder)) {
          // A hundred megabytes that nothing would read there.
          assembly.leaveOut(stack, layerId, content);
        }
      }
      delete properties['Layers'];
      return [nameOf(placed)];
    });
  },
};

/** Replaces `/opt` in environment variables by the folder of a layer's content; returns whether one named a file in it. */
function nameInPlace(properties: JsonObject, folder: string): boolean {
  const environment = properties['Environment'];
  const variables = isObject(environment) ? environment['Variables'] : undefined;
  if (!isObject(variables)) return false;
  let isNamed = false;
  for (const [name, value] of Object.entries(variables)) {
    if (typeof value !== 'string' || !value.startsWith('/opt/')) continue;
    const inPlace = join(folder, value.slice('/opt/'.length));
    if (!existsSync(inPlace)) continue;
    variables[name] = inPlace;
    isNamed = true;
  }
  return isNamed;
}
