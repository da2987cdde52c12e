import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { listOf, nameOf, resourcesOf } from './assembly';
import { referenceOf } from './removal';
import type { Rule } from './rule';

/** Copies a layer's packages into the functions that use it. Runs before the rule runtime-client. */
export const layers: Rule = {
  name: 'layers',
  reason: 'the emulator does not mount layers; their packages are copied into the functions',
  apply(assembly) {
    return resourcesOf(assembly, 'AWS::Lambda::Function').flatMap((placed) => {
      const { stack, resource } = placed;
      const properties = resource.Properties ?? {};
      const target = assembly.assetFolder(stack, properties['Code']);
      if (properties['Layers'] === undefined || target === undefined) return [];
      for (const layer of listOf(properties['Layers'])) {
        const content = stack.template.Resources[referenceOf(layer)?.id ?? '']?.Properties?.['Content'];
        const packages = join(assembly.assetFolder(stack, content) ?? '', 'nodejs', 'node_modules');
        if (content === undefined || !existsSync(packages)) continue;
        cpSync(packages, join(target, 'node_modules'), { recursive: true });
        assembly.markAssetChanged(target, `layer ${JSON.stringify(content)}`);
      }
      delete properties['Layers'];
      return [nameOf(placed)];
    });
  },
};
