import type { Manifest } from './manifest';
import type { OutputKeys } from './object-keys';

/** A version of a photo. Versions are compared by id, never by ETag, which is equal for equal bytes (A, B, A). */
export interface PhotoVersion {
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * State of a key. `deleted`: its newest version is a delete marker. `absent`: it has neither a version nor a delete marker,
 * because it was never written, or because all of its versions were deleted for good.
 */
export type CurrentPhoto =
  | { readonly state: 'present'; readonly version: PhotoVersion }
  | { readonly state: 'deleted' | 'absent' };

/** The upload bucket, versioned. */
export interface PhotoStore {
  /** Returns what a reader of the key gets now. */
  current(key: string): Promise<CurrentPhoto>;
  /** Returns the bytes of exactly that version, or undefined if it is gone. */
  read(version: PhotoVersion): Promise<Uint8Array | undefined>;
}

/** Metadata of every output object: the source version and the configuration that it was rendered from. */
export interface OutputMetadata {
  readonly sourceVersion: string;
  readonly configHash: string;
}

export interface OutputObject {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly sha256: string;
}

/** The bucket that variants and manifests are written to. */
export interface OutputStore {
  /** Returns the manifest, or undefined if there is none or it cannot be read. */
  readManifest(key: string): Promise<Manifest | undefined>;
  /** Returns the object's metadata, or undefined if there is no object. */
  readMetadata(key: string): Promise<Partial<OutputMetadata> | undefined>;
  write(object: OutputObject, metadata: OutputMetadata): Promise<void>;
  writeManifest(key: string, manifest: Manifest): Promise<void>;
  /** Removes all of these objects; keys without an object are not an error. */
  remove(keys: readonly string[]): Promise<void>;
}

/** Output of one photo version: its variants, none if it was rejected, and its manifest. */
export interface Renditions {
  readonly objects: readonly OutputObject[];
  readonly manifest: Manifest;
  /** Technical reason of a rejection, for the log. */
  readonly detail?: string;
}

export interface Renderer {
  /** Identifies variants, watermarks and pipeline: photos rendered under one hash need no new rendering. */
  readonly configHash: string;
  /**
   * Returns the renditions of a version, a rejection included, or undefined if the version is gone.
   *
   * Throws only errors that a retry may fix.
   */
  render(version: PhotoVersion, photos: PhotoStore, keys: OutputKeys): Promise<Renditions | undefined>;
}
