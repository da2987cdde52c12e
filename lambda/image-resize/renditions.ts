import type { Deadline } from '../shared/deadline';
import type { OutputKeys } from './object-keys';
import { oneLine, RejectedPhoto } from './photo-errors';
import { checkFileSize } from './photo-header';
import type { PhotoStore, PhotoVersion, Renderer, Renditions } from './stores';
import { renderPhoto, type RenderedPhoto, type RenderSettings } from './render';
import { sha256 } from './variants';

/** Reads a photo version and renders its variants, with a manifest of what was made or why the photo was rejected. */
export class PhotoRenderer implements Renderer {
  constructor(
    private readonly settings: RenderSettings,
    readonly configHash: string,
    private readonly deadline: Pick<Deadline, 'remainingMilliseconds'>,
  ) {}

  async render(version: PhotoVersion, photos: PhotoStore, keys: OutputKeys): Promise<Renditions | undefined> {
    try {
      checkFileSize(version.size, this.settings.limits);
      const bytes = await photos.read(version);
      if (!bytes) return undefined;
      const rendered = await renderPhoto(bytes, this.settings, this.deadline.remainingMilliseconds);
      return resized(version, rendered, keys, this.configHash);
    } catch (error) {
      if (error instanceof RejectedPhoto) return rejected(version, error, this.configHash);
      throw error;
    }
  }
}

function resized(
  version: PhotoVersion,
  { header, variants }: RenderedPhoto,
  keys: OutputKeys,
  configHash: string,
): Renditions {
  const outputs = variants.map(({ variant, size, bytes, contentType }, index) => {
    const key = keys.variants[index];
    if (key === undefined) throw new Error(`expected ${variants.length} output keys, got ${keys.variants.length}`);
    const object = { key, bytes, contentType, sha256: sha256(bytes) };
    const { width, height } = size;
    const entry = { name: variant.name, key, width, height, bytes: bytes.length, sha256: object.sha256, contentType };
    return { object, entry };
  });
  const { width, height } = header.size;
  return {
    objects: outputs.map(({ object }) => object),
    manifest: {
      status: 'resized',
      source: { ...version, format: header.format, width, height },
      configHash,
      variants: outputs.map(({ entry }) => entry),
    },
  };
}

function rejected(version: PhotoVersion, { reason, message, cause }: RejectedPhoto, configHash: string): Renditions {
  return {
    objects: [],
    manifest: { status: 'rejected', reason, message, source: { ...version }, configHash, variants: [] },
    ...(cause instanceof Error && { detail: oneLine(cause.message) }),
  };
}
