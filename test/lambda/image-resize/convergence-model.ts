import {
  settle,
  type MakePrints,
  type OutputObject,
  type Outputs,
  type Photos,
  type PhotoVersion,
  type Settled,
  type Stamp,
} from '../../../lambda/image-resize/convergence';
import type { Manifest } from '../../../lambda/image-resize/manifest';
import { outputKeys, type OutputKeys } from '../../../lambda/image-resize/object-keys';
import type { Scheduler } from './bursts';

/** What a person can do to a photo; equal contents make equal ETags. `purge` deletes the current version for good. */
export const actions = ['upload A', 'upload B', 'upload broken', 'delete', 'purge'] as const;
export type Action = (typeof actions)[number];

interface StoredVersion {
  readonly versionId: string;
  /** Absent in a delete marker. */
  readonly content?: string;
}

interface StoredOutput {
  readonly stamp: Stamp;
  readonly content: string;
  readonly manifest?: Manifest;
}

/**
 * What goes wrong in one attempt: at its nth request the worker dies, or S3 refuses that request alone.
 *
 * Requests that a refused one leaves under way still take effect; a dead worker's do not.
 */
export interface Mishap {
  readonly request: number;
  readonly kind: 'dies' | 'refused';
}

class AttemptFailed extends Error {}

export const key = 'album/photo.jpg';
export const recipe = 'f'.repeat(64);
export const keys = outputKeys('', key, [
  { name: 'small', format: 'webp' },
  { name: 'large', format: 'webp' },
]);

/**
 * A versioned bucket with one photo, its output bucket, and workers whose every request waits for the scheduler.
 *
 * A request takes effect at the moment it is released, so each interleaving of requests can happen, as it can on S3.
 */
export class World {
  readonly outputs = new Map<string, StoredOutput>();
  readonly settled: Settled[] = [];
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

  /** Does this to the photo when it is the person's turn. */
  async act(action: Action): Promise<void> {
    await this.scheduler.step(0, action);
    if (action === 'purge') this.#versions.pop();
    else if (action === 'delete') this.#versions.push({ versionId: `m${this.#nextVersion++}` });
    else this.#versions.push({ versionId: `v${this.#nextVersion++}`, content: action.slice('upload '.length) });
  }

  /** Delivers one event until an attempt succeeds, as Lambda and a redrive do; each mishap costs one attempt. */
  async deliver(mishaps: readonly Mishap[] = []): Promise<void> {
    const worker = this.#nextWorker++;
    for (const mishap of [...mishaps, undefined]) {
      try {
        this.settled.push(await this.work(mishap, keys, recipe, worker));
        return;
      } catch (error) {
        if (!(error instanceof AttemptFailed) && (error as Error).name !== 'NotSettled') throw error;
      }
    }
    // The photo changed in every round; a redrive tries once more.
    await this.deliver();
  }

  get lastWorker(): number {
    return this.#nextWorker - 1;
  }

  /** What should be there when all is quiet. */
  expectedOutputs(): Map<string, string> {
    const { current } = this;
    if (!current) return new Map();
    const names = current.content === 'broken' ? [] : keys.variants;
    return new Map([...names, keys.manifest].map((name) => [name, `${current.versionId} ${current.content}`]));
  }

  actualOutputs(): Map<string, string> {
    return new Map(
      [...this.outputs].map(([name, output]) => [name, `${output.stamp.sourceVersion} ${output.content}`]),
    );
  }

  /** The variants that a manifest names and that are not there. */
  brokenPromises(): string[] {
    const named = this.outputs.get(keys.manifest)?.manifest?.variants ?? [];
    return named.map((variant) => variant.key).filter((name) => !this.outputs.has(name));
  }

  /** One attempt, under the settings given. */
  work(
    mishap: Mishap | undefined,
    ofKeys: OutputKeys,
    ofRecipe: string,
    worker = this.#nextWorker++,
  ): Promise<Settled> {
    const { photos, outputs } = this.buckets(worker, mishap);
    return settle(ofKeys, key, { photos, outputs, recipe: ofRecipe, makePrints: makePrints(ofRecipe) });
  }

  /** The buckets as one worker's attempt sees them. */
  buckets(worker = this.#nextWorker++, mishap?: Mishap): { photos: Photos; outputs: Outputs } {
    let requests = 0;
    const request = async <T>(label: string, effect: () => T): Promise<T> => {
      await this.scheduler.step(worker, label);
      requests++;
      if (mishap && (mishap.kind === 'dies' ? requests >= mishap.request : requests === mishap.request)) {
        throw new AttemptFailed();
      }
      return effect();
    };
    return { photos: this.#photos(request), outputs: this.#outputs(request, worker) };
  }

  #photos(request: Request): Photos {
    return {
      current: () =>
        request('current', () => {
          const { current } = this;
          return current && { key, versionId: current.versionId, etag: current.content ?? '', size: 1 };
        }),
      read: ({ versionId }) =>
        request('read', () => {
          const content = this.#versions.find((version) => version.versionId === versionId)?.content;
          return content === undefined ? undefined : Buffer.from(content);
        }),
    };
  }

  #outputs(request: Request, worker: number): Outputs {
    const change = (effect: () => void) => () => {
      effect();
      this.afterChange();
    };
    return {
      manifest: (name) => request('manifest', () => this.outputs.get(name)?.manifest),
      stamp: (name) => request('stamp', () => this.outputs.get(name)?.stamp),
      write: ({ key: name, bytes }: OutputObject, stamp) =>
        request(
          `write ${stamp.sourceVersion}`,
          change(() => this.outputs.set(name, { stamp, content: Buffer.from(bytes).toString() })),
        ),
      writeManifest: (name, manifest) =>
        request(
          `manifest ${manifest.source.versionId}`,
          change(() => {
            const stamp = { sourceVersion: manifest.source.versionId, recipe: manifest.recipe };
            this.outputs.set(name, { stamp, content: manifest.source.etag, manifest });
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

/** Makes prints that say which content they show; `broken` is rejected. */
export function makePrints(usedRecipe: string): MakePrints {
  return async (source: PhotoVersion, read, { variants }) => {
    const bytes = await read();
    if (!bytes) return undefined;
    const common = { source, recipe: usedRecipe };
    if (bytes.toString() === 'broken') {
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
  };
}
