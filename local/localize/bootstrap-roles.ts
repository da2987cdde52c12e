import { isObject, type Json } from './assembly';
import type { Rule } from './rule';

const settings = [
  'assumeRoleArn',
  'assumeRoleExternalId',
  'assumeRoleAdditionalOptions',
  'cloudFormationExecutionRoleArn',
  'lookupRole',
  'bootstrapStackVersionSsmParameter',
  'requiresBootstrapStackVersion',
] as const;

/** The CLI deploys with the emulator's root key alone. */
export const bootstrapRoles: Rule = {
  name: 'bootstrap-roles',
  reason: "the bootstrap roles' conditions name aws:ResourceAccount, which the emulator does not resolve",
  apply(assembly) {
    const artifacts = assembly.manifest['artifacts'];
    for (const artifact of Object.values(isObject(artifacts) ? artifacts : {})) {
      if (isObject(artifact)) strip(artifact['properties']);
    }
    for (const stack of assembly.stacks) {
      for (const asset of Object.values(stack.assets)) Object.values(asset.destinations).forEach(strip);
    }
    return assembly.stacks.map((stack) => stack.id);
  },
};

function strip(from: Json | undefined): void {
  if (isObject(from)) for (const setting of settings) delete from[setting];
}
