import { reconcile, type ReconcileDependencies, type ReconcileResult } from '../../../lambda/image-resize/reconcile';
import type {
  CurrentPhoto,
  OutputMetadata,
  OutputObject,
  OutputStore,
  PhotoStore,
  PhotoVersion,
  Renderer,
  Renditions,
} from '../../../lambda/image-resize/stores';
import type { Manifest } from '../../../lambda/image-resize/manifest';
import { outputKeys, type OutputKeys } from '../../../lambda/image-resize/object-keys';
import type { Scheduler } from './bursts';

/** Actions of a user on a photo; equal contents make equal ETags. `purge` deletes the current version for good. */
export const actions = ['upload A', 'upload B', 'upload broken', 'delete', 'purge'] as const;
export type Action = (typeof actions)[number];

interface StoredVersion {
  readonly versionId: string;
  /** Absent in a delete marker. */
  readonly content?: string;
}

interface StoredOutput {
  readonly metadata: OutputMetadata;
  readonly content: string;
  readonly manifest?: Manifest;
}

/**
 * Fault of one attempt: at its nth request the worker dies, or S3 refuses that request alone.
 *
 * Requests in flight beside a refused one still take effect; a dead worker's do not.
 */
export interface Fault {
  readonly request: number;
  readonly kind: 'dies' | 'refused';
}

class AttemptFailed extends Error {}

export const key = 'pictures/photo.jpg';
export const configHash = 'f'.repeat(64);
export const keys = outputKeys('', key, [
  { name: 'small', format: 'webp' },
  { name: 'large', format: 'webp' },
]);

/**
 * A versioned bucket with one photo, its output bucket, and workers, each of whose requests waits for the scheduler.
 *
 * A request takes effect at the moment it is released, so each interleaving of requests can happen, as it can on S3.
 */
export class World {
  readonly outputs = new Map<string, StoredOutput>();
  readonly results: ReconcileResult[] = [];
  /** Called after each change of the output bucket. */
  afterChange: () => void = () => undefined;
  #versions: StoredVersion[] = [];
  #nextVersion = 1;
  #nextWorker = 1;

  constructor(readonly scheduler: Scheduler) {}

  get current(): StoredVersion | undefined {
    const newest = this.#versions.at(-1);
    return newest?.content === undefined ? undefined : newest;
  }

  /** Performs the action on the photo when it is the user's turn. */
  async act(action: Action): Promise<void> {
    await this.scheduler.step(0, action);
    if (action === 'purge') this.#versions.pop();
    else if (action === 'delete') this.#versions.push({ versionId: `m${this.#nextVersion++}` });
    else this.#versions.push({ versionId: `v${this.#nextVersion++}`, content: action.slice('upload '.length) });
  }

  /** Delivers one event until an attempt succeeds, as Lambda and a redrive do; each fault costs one attempt. */
  async deliver(faults: readonly Fault[] = []): Promise<void> {
    const worker = this.#nextWorker++;
    for (const fault of [...faults, undefined]) {
      try {
        this.results.push(await this.work(fault, keys, configHash, worker));
        return;
      } catch (error) {
        if (!(error instanceof AttemptFailed) && (error as Error).name !== 'NotReconciledError') throw error;
      }
    }
    // The photo changed in every attempt; a redrive tries once more.
    await this.deliver();
  }

  get lastWorker(): number {
    return this.#nextWorker - 1;
  }

  /** Expected outputs once nothing is in flight. */
  expectedOutputs(): Map<string, string> {
    const { current } = this;
    if (!current) return new Map();
    const names = current.content === 'broken' ? [] : keys.variants;
    return new Map([...names, keys.manifest].map((name) => [name, `${current.versionId} ${current.content}`]));
  }

  actualOutputs(): Map<string, string> {
    return new Map(
      [...this.outputs].map(([name, output]) => [name, `${output.metadata.sourceVersion} ${output.content}`]),
    );
  }

  /** Variants that a manifest names and that do not exist. */
  missingVariants(): string[] {
    const named = this.outputs.get(keys.manifest)?.manifest?.variants ?? [];
    return named.map((variant) => variant.key).filter((name) => !this.outputs.has(name));
  }

  /** One attempt under the given configuration. */
  work(
    fault: Fault | undefined,
    ofKeys: OutputKeys,
    underConfig: string,
    worker = this.#nextWorker++,
  ): Promise<ReconcileResult> {
    return reconcile(key, ofKeys, dependencies(this.buckets(worker, fault), underConfig));
  }

  /** The buckets as one worker's attempt sees them. */
  buckets(worker = this.#nextWorker++, fault?: Fault): Buckets {
    let requests = 0;
    const request = async <T>(label: string, effect: () => T): Promise<T> => {
      await this.scheduler.step(worker, label);
      requests++;
      if (fault && (fault.kind === 'dies' ? requests >= fault.request : requests === fault.request)) {
        throw new AttemptFailed();
      }
      return effect();
    };
    return { photos: this.#photos(request), outputs: this.#outputs(request, worker) };
  }

  #photos(request: Request): PhotoStore {
    return {
      current: () =>
        request('current', (): CurrentPhoto => {
          const { current } = this;
          if (!current) return { state: this.#versions.length > 0 ? 'deleted' : 'absent' };
          const version = { key, versionId: current.versionId, etag: current.content ?? '', size: 1 };
          return { state: 'present', version };
        }),
      read: ({ versionId }) =>
        request('read', () => {
          const content = this.#versions.find((version) => version.versionId === versionId)?.content;
          return content === undefined ? undefined : Buffer.from(content);
        }),
    };
  }

  #outputs(request: Request, worker: number): OutputStore {
    const change = (effect: () => void) => () => {
      effect();
      this.afterChange();
    };
    return {
      readManifest: (name) => request('manifest', () => this.outputs.get(name)?.manifest),
      readMetadata: (name) => request('metadata', () => this.outputs.get(name)?.metadata),
      write: ({ key: name, bytes }: OutputObject, metadata) =>
        request(
          `write ${metadata.sourceVersion}`,
          change(() => this.outputs.set(name, { metadata, content: Buffer.from(bytes).toString() })),
        ),
      writeManifest: (name, manifest) =>
        request(
          `manifest ${manifest.source.versionId}`,
          change(() => {
            const metadata = { sourceVersion: manifest.source.versionId, configHash: manifest.configHash };
            this.outputs.set(name, { metadata, content: manifest.source.etag, manifest });
          }),
        ),
      remove: async (names) => {
        await request('remove', () => undefined);
        // S3 deletes the keys of one request one by one, in no order that it promises, whatever becomes of the caller.
        const deletions = names.map(async (name) => {
          await this.scheduler.step(worker, `delete ${name}`);
          this.outputs.delete(name);
        });
        await Promise.all(deletions);
        this.afterChange();
      },
    };
  }
}

type Request = <T>(label: string, effect: () => T) => Promise<T>;

interface Buckets {
  readonly photos: PhotoStore;
  readonly outputs: OutputStore;
}

/** Dependencies of a worker that is never aborted and renders with `FakeRenderer`. */
export function dependencies(buckets: Buckets, underConfig = configHash): ReconcileDependencies {
  return { ...buckets, renderer: new FakeRenderer(underConfig), signal: new AbortController().signal };
}

/** Renders the photo's content into every variant; `broken` is rejected. */
class FakeRenderer implements Renderer {
  constructor(readonly configHash: string) {}

  async render(source: PhotoVersion, photos: PhotoStore, { variants }: OutputKeys): Promise<Renditions | undefined> {
    const { configHash: hash } = this;
    const bytes = await photos.read(source);
    if (!bytes) return undefined;
    const common = { source, configHash: hash };
    if (Buffer.from(bytes).toString() === 'broken') {
      const manifest: Manifest = { ...common, status: 'rejected', reason: 'corrupt', message: 'broken', variants: [] };
      return { objects: [], manifest };
    }
    const objects = variants.map((name) => ({ key: name, bytes, contentType: 'image/webp', sha256: '' }));
    return {
      objects,
      manifest: {
        ...common,
        status: 'resized',
        source: { ...source, format: 'jpeg', width: 1, height: 1 },
        variants: objects.map((object) => ({ ...object, name: object.key, width: 1, height: 1, bytes: 1 })),
      },
    };
  }
}
