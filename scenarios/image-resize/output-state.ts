import { createHash } from 'node:crypto';
import type { Deployment } from './deployment';
import { currentVersion, download, outputKeys, readManifest } from './photo-objects';

/** Returns true where a photo has all outputs of its newest version and no others; where it is deleted, none at all. */
export async function outputsMatch(deployment: Deployment, key: string): Promise<true | undefined> {
  const version = await currentVersion(deployment, key);
  const outputs = await outputKeys(deployment, key);
  if (version === undefined) return outputs.length === 0 ? true : undefined;
  const manifest = await readManifest(deployment, key);
  if (manifest?.source.versionId !== version) return undefined;
  const intact = await Promise.all(
    manifest.variants.map(async ({ key: output, sha256 }) => {
      const object = await download(deployment, output);
      return object !== undefined && createHash('sha256').update(object.bytes).digest('hex') === sha256;
    }),
  );
  return intact.every(Boolean) && outputs.length === manifest.variants.length + 1 ? true : undefined;
}

/** Returns whether a photo has outputs that do not belong to its newest version. */
export async function hasExtraOutputs(deployment: Deployment, key: string): Promise<boolean> {
  const outputs = await outputKeys(deployment, key);
  if ((await currentVersion(deployment, key)) === undefined) return outputs.length > 0;
  const manifest = await readManifest(deployment, key);
  return manifest !== undefined && outputs.length > manifest.variants.length + 1;
}
