import type { Manifest, RejectionReason } from './manifest';
import { belongsTo, type OutputKeys } from './object-keys';

/** A version of a photo. Versions are told apart by id, never by ETag, which is equal for equal bytes (A, B, A). */
export interface PhotoVersion {
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
}

/** The upload bucket, versioned. */
export interface Photos {
  /** The version that a reader of the key gets now, if there is one. */
  current(key: string): Promise<PhotoVersion | undefined>;
  /** The bytes of exactly that version, or nothing if it is gone. */
  read(version: PhotoVersion): Promise<Uint8Array | undefined>;
}

/** What every output object carries in its own metadata: what it was made from, and how. */
export interface Stamp {
  readonly sourceVersion: string;
  readonly recipe: string;
}

export interface OutputObject {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly sha256: string;
}

/** The resized bucket. */
export interface Outputs {
  /** The manifest there, or nothing if there is none that can be read. */
  manifest(key: string): Promise<Manifest | undefined>;
  /** What the object carries, or nothing if there is no object. */
  stamp(key: string): Promise<Partial<Stamp> | undefined>;
  write(object: OutputObject, stamp: Stamp): Promise<void>;
  writeManifest(key: string, manifest: Manifest): Promise<void>;
  /** Removes all of these in one request; keys without an object are no error. */
  remove(keys: readonly string[]): Promise<void>;
}

/** What is to be written for one version of a photo. */
export interface Prints {
  readonly objects: readonly OutputObject[];
  readonly manifest: Manifest;
}

/** Makes what belongs to a version, a rejection included; nothing if the version is gone. Throws what a retry may cure. */
export type MakePrints = (
  version: PhotoVersion,
  read: () => Promise<Uint8Array | undefined>,
  keys: OutputKeys,
) => Promise<Prints | undefined>;

export interface Workplace {
  readonly photos: Photos;
  readonly outputs: Outputs;
  readonly recipe: string;
  readonly makePrints: MakePrints;
  /** Throws when there is no time for another round. */
  readonly beforeRound?: () => void;
}

/** How a photo was settled. `missing`: there was neither a photo nor any output of it. */
export type Settled =
  | { readonly outcome: 'resized' | 'unchanged'; readonly versionId: string }
  | { readonly outcome: 'rejected'; readonly versionId: string; readonly reason: RejectionReason }
  | { readonly outcome: 'removed' | 'missing' };

/** Thrown when a photo changed during every round; the retry goes on from there. */
export class NotSettled extends Error {
  override readonly name = 'NotSettled';
}

const maximumRounds = 5;

/**
 * Brings the output of one photo to its current version, or to nothing if there is none.
 *
 * It believes no event but looks at the bucket, so that events may come late, twice and out of order. Workers for the
 * same photo may overlap at any step: whoever writes or deletes looks at the photo's current version again *after* its
 * last change, and repeats if that moved. So the last change is always followed by a look of the worker that made it.
 * A worker that dies before that look has failed its event, which is delivered again and finds what the dead one left:
 * each output carries the version it was made from.
 */
export async function settle(keys: OutputKeys, key: string, work: Workplace): Promise<Settled & { rounds: number }> {
  for (let rounds = 1; rounds <= maximumRounds; rounds++) {
    work.beforeRound?.();
    const [source, manifest] = await Promise.all([work.photos.current(key), work.outputs.manifest(keys.manifest)]);
    const settled = source
      ? await replaceOutput(source, manifest, keys, work)
      : await removeOutput(key, manifest, keys, work);
    if (settled) return { ...settled, rounds };
  }
  throw new NotSettled(`the photo changed during each of ${maximumRounds} rounds: it is tried again`);
}

/** Nothing is returned where the photo is back, or was never gone: the next round sees. */
async function removeOutput(
  key: string,
  manifest: Manifest | undefined,
  keys: OutputKeys,
  { photos, outputs }: Workplace,
): Promise<Settled | undefined> {
  const present = await existing([keys.manifest, ...knownVariants(manifest, keys)], outputs);
  if (present.length === 0) return { outcome: 'missing' };
  if (await photos.current(key)) return undefined;
  await outputs.remove(present);
  return (await photos.current(key)) ? undefined : { outcome: 'removed' };
}

/** Nothing is returned where the photo has changed meanwhile. */
async function replaceOutput(
  source: PhotoVersion,
  manifest: Manifest | undefined,
  keys: OutputKeys,
  work: Workplace,
): Promise<Settled | undefined> {
  const { photos, outputs, recipe } = work;
  const { versionId } = source;
  const isCurrent = async (): Promise<boolean> => (await photos.current(source.key))?.versionId === versionId;

  if (manifest && (await isDone(source, manifest, keys, work))) return { outcome: 'unchanged', versionId };

  const prints = await work.makePrints(source, () => photos.read(source), keys);
  if (!prints) return undefined;
  const written = new Set(prints.objects.map((object) => object.key));
  const retired = await existing(
    knownVariants(manifest, keys).filter((name) => !written.has(name)),
    outputs,
  );
  if (!(await isCurrent())) return undefined;

  const stamp = { sourceVersion: versionId, recipe };
  await allOrThrow(prints.objects.map((object) => outputs.write(object, stamp)));
  await outputs.writeManifest(keys.manifest, retired.length > 0 ? { ...prints.manifest, retired } : prints.manifest);
  if (retired.length > 0) {
    if (!(await isCurrent())) return undefined;
    await outputs.remove(retired);
  }
  if (!(await isCurrent())) return undefined;
  return prints.manifest.status === 'rejected'
    ? { outcome: 'rejected', versionId, reason: prints.manifest.reason }
    : { outcome: 'resized', versionId };
}

/**
 * Tells whether everything there was made from this version by this recipe, and nothing else is there.
 *
 * The manifest alone does not tell: a worker that held an older version may have died after it had overwritten variants.
 */
async function isDone(
  { versionId }: PhotoVersion,
  manifest: Manifest,
  keys: OutputKeys,
  { outputs, recipe }: Workplace,
): Promise<boolean> {
  if (manifest.source.versionId !== versionId || manifest.recipe !== recipe) return false;
  const wanted = new Set(manifest.variants.map((variant) => variant.key));
  const names = [...new Set([...wanted, ...knownVariants(manifest, keys)])];
  const stamps = await Promise.all(names.map((name) => outputs.stamp(name)));
  return names.every((name, index) => {
    const stamp = stamps[index];
    return wanted.has(name) ? stamp?.sourceVersion === versionId && stamp.recipe === recipe : stamp === undefined;
  });
}

/**
 * Every key under which a variant of this photo may lie: those that its manifest names, and those of the current recipe,
 * which a worker may have written before it died without a manifest.
 *
 * Names, never a prefix: below `<key>/` there may be the output of another photo.
 */
function knownVariants(manifest: Manifest | undefined, keys: OutputKeys): string[] {
  const named = [...(manifest?.variants ?? []).map((variant) => variant.key), ...(manifest?.retired ?? [])];
  // A manifest is a file in a bucket: it cannot make us delete what is not this photo's.
  return [...new Set([...named.filter((name) => belongsTo(keys, name)), ...keys.variants])].filter(
    (name) => name !== keys.manifest,
  );
}

async function existing(names: readonly string[], outputs: Outputs): Promise<string[]> {
  const stamps = await Promise.all(names.map((name) => outputs.stamp(name)));
  return names.filter((_, index) => stamps[index] !== undefined);
}

/** Waits for all, even if one fails: a write still under way when its worker gives up would land after the retry's. */
async function allOrThrow(writes: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(writes)).find((write) => write.status === 'rejected');
  if (failed) throw failed.reason;
}
