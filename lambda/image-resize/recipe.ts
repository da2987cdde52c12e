import { createHash } from 'node:crypto';
import type { Variant } from './variants';

/** Raised by hand when the same variants come out differently, so that photos delivered again are made anew. */
const pipelineVersion = 1;

/** Fingerprint (SHA-256, hex) of all that decides how pictures look beside the photo: variants, watermarks, pipeline. */
export function recipeOf(variants: readonly Variant[], watermarks: ReadonlyMap<string, Uint8Array>): string {
  const images = [...watermarks].sort(([one], [other]) => (one < other ? -1 : 1));
  const ingredients = { pipelineVersion, variants, watermarks: images.map(([name, bytes]) => [name, sha256(bytes)]) };
  return sha256(JSON.stringify(ingredients));
}

/** SHA-256 in hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
