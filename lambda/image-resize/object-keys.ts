import { outputName, type Variant } from './variants';

/** S3's limit of an object key, in bytes of UTF-8. */
const maximumKeyBytes = 1_024;

/** Every key that a photo's output can have under one configuration. */
export interface OutputKeys {
  readonly manifest: string;
  /** In the order of the variants. */
  readonly variants: readonly string[];
}

/** Decodes a key as S3 notifications carry it: form encoding, in which a space is `+` and a plus sign `%2B`. */
export function decodeObjectKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}

/** Returns the keys of a photo's output: `<prefix><source key>/<variant>.<format>` and `<prefix><source key>/manifest.json`. */
export function outputKeys(
  prefix: string,
  sourceKey: string,
  variants: readonly Pick<Variant, 'name' | 'format'>[],
): OutputKeys {
  const folder = `${prefix}${sourceKey}/`;
  return { manifest: `${folder}manifest.json`, variants: variants.map((variant) => folder + outputName(variant)) };
}

/** Returns whether one of the keys is longer than S3 can store. */
export function isTooLong(keys: OutputKeys): boolean {
  return [keys.manifest, ...keys.variants].some((key) => Buffer.byteLength(key) > maximumKeyBytes);
}

/** Returns whether a key is directly in a photo's own output folder, and so cannot belong to another photo. */
export function belongsTo(keys: OutputKeys, key: string): boolean {
  const folder = keys.manifest.slice(0, keys.manifest.lastIndexOf('/') + 1);
  return key.startsWith(folder) && key.length > folder.length && !key.slice(folder.length).includes('/');
}
