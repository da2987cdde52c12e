import type { Manifest, RejectionReason } from './manifest';
import { belongsTo, type OutputKeys } from './object-keys';
import type { OutputStore, PhotoStore, PhotoVersion, Renderer } from './stores';

export interface ReconcileDependencies {
  readonly photos: PhotoStore;
  readonly outputs: OutputStore;
  readonly renderer: Renderer;
  /** Ends the reconciliation before its next attempt. */
  readonly signal: AbortSignal;
}

/** Result for one photo. `missing`: there was neither a photo nor any output of it. */
export type ReconcileResult =
  | { readonly outcome: 'resized' | 'unchanged'; readonly versionId: string }
  | {
      readonly outcome: 'rejected';
      readonly versionId: string;
      readonly reason: RejectionReason;
      readonly detail?: string;
    }
  | { readonly outcome: 'removed' | 'missing'; readonly state: 'deleted' | 'absent' };

/** Thrown when a photo changed during every attempt; the retry of the event continues from there. */
export class NotReconciledError extends Error {
  override readonly name = 'NotReconciledError';
}

const maximumAttempts = 5;

/**
 * Makes the output of one photo match its current version, or removes it if there is none.
 *
 * The event is not trusted: the buckets are read instead, so events may arrive late, twice and out of order. Workers for
 * one photo may overlap at any step. Each worker therefore reads the photo's current version again *after* its last
 * write or deletion, and starts over if the version changed. A worker that dies before that check has failed its event,
 * which is delivered again; each output names the version it was made from, so the retry finds what to replace.
 */
export async function reconcile(
  key: string,
  keys: OutputKeys,
  dependencies: ReconcileDependencies,
): Promise<ReconcileResult & { attempts: number }> {
  const { photos, outputs, signal } = dependencies;
  for (let attempts = 1; attempts <= maximumAttempts; attempts++) {
    signal.throwIfAborted();
    const [current, manifest] = await Promise.all([photos.current(key), outputs.readManifest(keys.manifest)]);
    const result =
      current.state === 'present'
        ? await replaceOutput(current.version, manifest, keys, dependencies)
        : await removeOutput(key, current.state, manifest, keys, dependencies);
    if (result) return { ...result, attempts };
  }
  throw new NotReconciledError(`the photo changed during each of ${maximumAttempts} attempts: the event is retried`);
}

/** Returns undefined if the photo exists again, which the next attempt handles. */
async function removeOutput(
  key: string,
  state: 'deleted' | 'absent',
  manifest: Manifest | undefined,
  keys: OutputKeys,
  { photos, outputs }: ReconcileDependencies,
): Promise<ReconcileResult | undefined> {
  const remaining = await existing([keys.manifest, ...knownVariants(manifest, keys)], outputs);
  if (remaining.length === 0) return { outcome: 'missing', state };
  if ((await photos.current(key)).state === 'present') return undefined;
  await outputs.remove(remaining);
  const after = await photos.current(key);
  return after.state === 'present' ? undefined : { outcome: 'removed', state: after.state };
}

/** Returns undefined if the photo changed meanwhile, which the next attempt handles. */
async function replaceOutput(
  source: PhotoVersion,
  manifest: Manifest | undefined,
  keys: OutputKeys,
  dependencies: ReconcileDependencies,
): Promise<ReconcileResult | undefined> {
  const { photos, outputs, renderer } = dependencies;
  const { versionId } = source;
  const isCurrent = async (): Promise<boolean> => {
    const current = await photos.current(source.key);
    return current.state === 'present' && current.version.versionId === versionId;
  };

  if (manifest && (await isUpToDate(source, manifest, keys, dependencies))) return { outcome: 'unchanged', versionId };

  const renditions = await renderer.render(source, photos, keys);
  if (!renditions) return undefined;
  const written = new Set(renditions.objects.map((object) => object.key));
  const retired = await existing(
    knownVariants(manifest, keys).filter((name) => !written.has(name)),
    outputs,
  );
  if (!(await isCurrent())) return undefined;

  const metadata = { sourceVersion: versionId, configHash: renderer.configHash };
  await allOrThrow(renditions.objects.map((object) => outputs.write(object, metadata)));
  const manifestToWrite = retired.length > 0 ? { ...renditions.manifest, retired } : renditions.manifest;
  await outputs.writeManifest(keys.manifest, manifestToWrite);
  if (retired.length > 0) {
    if (!(await isCurrent())) return undefined;
    await outputs.remove(retired);
  }
  if (!(await isCurrent())) return undefined;
  if (renditions.manifest.status === 'resized') return { outcome: 'resized', versionId };
  const { detail } = renditions;
  const { reason } = renditions.manifest;
  return { outcome: 'rejected', versionId, reason, ...(detail !== undefined && { detail }) };
}

/**
 * Returns whether every output was made from this version under this configuration, and there is no other output.
 *
 * The manifest alone is not enough: a worker with an older version may have died after it had overwritten variants.
 */
async function isUpToDate(
  { versionId }: PhotoVersion,
  manifest: Manifest,
  keys: OutputKeys,
  { outputs, renderer: { configHash } }: ReconcileDependencies,
): Promise<boolean> {
  if (manifest.source.versionId !== versionId || manifest.configHash !== configHash) return false;
  const expected = new Set(manifest.variants.map((variant) => variant.key));
  const names = [...new Set([...expected, ...knownVariants(manifest, keys)])];
  const found = await Promise.all(names.map((name) => outputs.readMetadata(name)));
  return names.every((name, index) => {
    const metadata = found[index];
    if (!expected.has(name)) return metadata === undefined;
    return metadata?.sourceVersion === versionId && metadata.configHash === configHash;
  });
}

/**
 * Every key that may hold a variant of this photo: those named by its manifest, and those of the current configuration,
 * which a worker may have written before it died without a manifest.
 *
 * Exact keys, never a prefix: the output of another photo may have a key that starts with `<key>/`.
 */
function knownVariants(manifest: Manifest | undefined, keys: OutputKeys): string[] {
  const named = [...(manifest?.variants ?? []).map((variant) => variant.key), ...(manifest?.retired ?? [])];
  // A manifest is a file in a bucket: it must not cause the deletion of another photo's output.
  return [...new Set([...named.filter((name) => belongsTo(keys, name)), ...keys.variants])].filter(
    (name) => name !== keys.manifest,
  );
}

async function existing(names: readonly string[], outputs: OutputStore): Promise<string[]> {
  const found = await Promise.all(names.map((name) => outputs.readMetadata(name)));
  return names.filter((_, index) => found[index] !== undefined);
}

/** Waits for all, even if one fails: a write in flight when its worker gives up would land after the retry's writes. */
async function allOrThrow(writes: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(writes)).find((write) => write.status === 'rejected');
  if (failed) throw failed.reason;
}
