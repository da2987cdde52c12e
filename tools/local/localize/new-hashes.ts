import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Assembly } from './assembly';
import type { Rule } from './rule';

const hashPattern = /[0-9a-f]{64}/g;

/** Renames changed assets and templates, so that they are uploaded under a new key. Runs last. */
export const newHashes: Rule = {
  name: 'new-hashes',
  reason: 'the CLI does not upload an asset whose key exists, so a changed asset needs a new key',
  apply(assembly) {
    const assets = renamedAssets(assembly);
    rename(assembly, assets);
    const templates = renamedTemplates(assembly);
    rename(assembly, templates);
    return assembly.changes().stacks.map(({ id }) => id);
  },
};

function renamedAssets(assembly: Assembly): Map<string, string> {
  const renamed = new Map<string, string>();
  for (const [folder, changes] of assembly.changes().assets) {
    const old = basename(folder).match(hashPattern)?.[0];
    if (old !== undefined) renamed.set(old, sha256([old, ...changes].join('\n')));
  }
  return renamed;
}

function renamedTemplates(assembly: Assembly): Map<string, string> {
  const renamed = new Map<string, string>();
  for (const stack of assembly.changes().stacks) {
    const asset = Object.entries(stack.assets).find(([, one]) => one.source.path === stack.templateFile);
    const old = asset?.[0].match(hashPattern)?.[0];
    if (old !== undefined) renamed.set(old, sha256(JSON.stringify(stack.template)));
  }
  return renamed;
}

/** Replaces hashes in all texts: keys, paths and URLs contain them. */
function rename(assembly: Assembly, hashes: ReadonlyMap<string, string>): void {
  assembly.rename((text) => text.replace(hashPattern, (hash) => hashes.get(hash) ?? hash));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
