import { isObject, type JsonObject } from './assembly';
import type { Rule } from './rule';

const settings: readonly string[] = [
  'assumeRoleArn',
  'assumeRoleExternalId',
  'assumeRoleAdditionalOptions',
  'cloudFormationExecutionRoleArn',
  'lookupRole',
  'bootstrapStackVersionSsmParameter',
  'requiresBootstrapStackVersion',
];

/** Removes the bootstrap roles: the CLI deploys with the emulator's root key. */
export const bootstrapRoles: Rule = {
  name: 'bootstrap-roles',
  reason: "the bootstrap roles' conditions name aws:ResourceAccount, which the emulator does not resolve",
  apply(assembly) {
    const artifacts = assembly.manifest['artifacts'];
    for (const artifact of Object.values(isObject(artifacts) ? artifacts : {})) {
      if (isObject(artifact) && isObject(artifact['properties']))
        artifact['properties'] = stripped(artifact['properties']);
    }
    for (const stack of assembly.stacks) {
      for (const asset of Object.values(stack.assets)) {
        const destinations = Object.entries(asset.destinations).map(([id, destination]) => [id, stripped(destination)]);
        asset.destinations = Object.fromEntries(destinations) as typeof asset.destinations;
      }
    }
    return assembly.stacks.map((stack) => stack.id);
  },
};

function stripped(from: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([setting]) => !settings.includes(setting)));
}
