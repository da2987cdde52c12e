import type { MakePrints, PhotoVersion, Prints } from './convergence';
import { judgeBytes } from './photo-header';
import { makePictures, type Pictures, type PictureSettings } from './pictures';
import { sha256 } from './recipe';
import { RejectedPhoto } from './rejected-photo';
import type { OutputKeys } from './object-keys';

/** Reads a version, makes its pictures, and says in the manifest what was made, or why nothing was. */
export function printer(settings: PictureSettings, recipe: string, remainingMilliseconds: () => number): MakePrints {
  return async (version, read, keys) => {
    try {
      judgeBytes(version.size, settings.limits);
      const bytes = await read();
      if (!bytes) return undefined;
      const made = await makePictures(bytes, settings, remainingMilliseconds());
      return resized(version, made, keys, recipe);
    } catch (error) {
      if (error instanceof RejectedPhoto) return rejected(version, error, recipe);
      throw error;
    }
  };
}

function resized(version: PhotoVersion, { photo, pictures }: Pictures, keys: OutputKeys, recipe: string): Prints {
  const prints = pictures.map(({ variant, size, bytes, contentType }, index) => {
    const key = keys.variants[index];
    if (key === undefined) throw new Error(`${pictures.length} pictures for ${keys.variants.length} keys`);
    const object = { key, bytes, contentType, sha256: sha256(bytes) };
    const { width, height } = size;
    const entry = { name: variant.name, key, width, height, bytes: bytes.length, sha256: object.sha256, contentType };
    return { object, entry };
  });
  const { width, height } = photo.size;
  return {
    objects: prints.map(({ object }) => object),
    manifest: {
      status: 'resized',
      source: { ...version, format: photo.format, width, height },
      recipe,
      variants: prints.map(({ entry }) => entry),
    },
  };
}

function rejected(version: PhotoVersion, { reason, message }: RejectedPhoto, recipe: string): Prints {
  return {
    objects: [],
    manifest: { status: 'rejected', reason, message, source: { ...version }, recipe, variants: [] },
  };
}
