import fc from 'fast-check';

import { outputKeys, type OutputKeys } from '../../../lambda/image-resize/object-keys';
import { reconcile, type ReconcileResult } from '../../../lambda/image-resize/reconcile';
import type { CurrentPhoto, OutputStore } from '../../../lambda/image-resize/stores';
import { bursts, Scheduler } from './bursts';
import { actions, configHash, dependencies, key, keys, World, type Action, type Fault } from './reconcile-model';

const fault = fc.record<Fault>({
  request: fc.integer({ min: 1, max: 20 }),
  kind: fc.constantFrom('dies', 'refused'),
});

/** A change of the photo, and the faults of each delivery of each of its events. */
const change = fc.record({
  action: fc.constantFrom(...actions),
  deliveries: fc.array(fc.array(fault, { maxLength: 2 }), { minLength: 1, maxLength: 2 }),
});
const history = fc.array(change, { minLength: 1, maxLength: 5 });

describe('reconciliation', () => {
  test('outputs end at the newest version, however workers overlap, die and are retried', async () => {
    await fc.assert(
      fc.asyncProperty(bursts, history, fc.context(), async (schedule, changes, context) => {
        const scheduler = new Scheduler(schedule, (line) => context.log(line));
        const world = new World(scheduler);
        const deliveries: Promise<void>[] = [];
        const user = async (): Promise<void> => {
          for (const { action, deliveries: faultsOfEach } of changes) {
            await world.act(action);
            for (const faults of faultsOfEach) deliveries.push(world.deliver(faults));
          }
        };
        const acted = user();
        await scheduler.run();
        await acted;
        await Promise.all(deliveries);

        expect(world.actualOutputs()).toEqual(world.expectedOutputs());
        expect(world.missingVariants()).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a worker that stalls at any request and then dies leaves the outputs right', async () => {
    for (const [first, second] of pairs(actions)) {
      for (let stop = 0; stop <= 12; stop++) {
        for (const later of [undefined, 1, 2, 3, 4]) {
          const scheduler = new Scheduler([]);
          const world = new World(scheduler);
          // An output to begin with, so that there is something to replace and to remove.
          const before = [world.act('upload A'), world.deliver()];
          await scheduler.run();
          const acted = world.act(first);
          await scheduler.run();
          const slow = world.deliver(later === undefined ? [] : [{ request: stop + later, kind: 'dies' }]);
          await scheduler.run(world.lastWorker, stop);
          const others = [world.act(second), world.deliver()];
          await scheduler.run(0);
          await scheduler.run(world.lastWorker);
          await scheduler.run();
          await Promise.all([...before, acted, slow, ...others]);

          const story = `${first}, ${stop} requests, ${second}, ${later === undefined ? 'lives' : `dies ${later} later`}`;
          expect({ story, outputs: world.actualOutputs() }).toEqual({ story, outputs: world.expectedOutputs() });
        }
      }
    }
  });

  test('a manifest names only variants that exist, while workers do not overlap', async () => {
    await fc.assert(
      fc.asyncProperty(bursts, history, fc.context(), async (schedule, changes, context) => {
        const scheduler = new Scheduler(schedule, (line) => context.log(line));
        const world = new World(scheduler);
        const broken: string[] = [];
        world.afterChange = () => broken.push(...world.missingVariants());
        const user = async (): Promise<void> => {
          for (const { action } of changes) await world.act(action);
        };
        const oneWorkerAtATime = async (): Promise<void> => {
          for (const faults of changes.flatMap((one) => one.deliveries)) await world.deliver(faults);
        };
        const done = Promise.all([user(), oneWorkerAtATime()]);
        await scheduler.run();
        await done;
        const last = world.deliver();
        await scheduler.run();
        await last;

        expect(broken).toEqual([]);
        expect(world.actualOutputs()).toEqual(world.expectedOutputs());
      }),
      { numRuns: 500 },
    );
  });
});

describe('one worker', () => {
  const variants = (...names: string[]): OutputKeys =>
    outputKeys(
      '',
      key,
      names.map((name) => ({ name, format: 'webp' })),
    );

  /** A world after these actions, one after the other, each followed by a worker that finished. */
  async function quietWorld(...done: Action[]): Promise<World> {
    const scheduler = new Scheduler([]);
    const world = new World(scheduler);
    for (const one of done) {
      const work = [world.act(one), world.deliver()];
      await scheduler.run();
      await Promise.all(work);
    }
    return world;
  }

  async function reconcileIn(
    world: World,
    fault?: Fault,
    ofKeys = keys,
    underConfig = configHash,
  ): Promise<ReconcileResult> {
    const work = world.work(fault, ofKeys, underConfig);
    void work.catch(() => undefined);
    await world.scheduler.run();
    return work;
  }

  test('a version that is delivered twice is written once', async () => {
    const world = await quietWorld('upload A');
    let changes = 0;
    world.afterChange = () => changes++;
    expect(await reconcileIn(world)).toEqual({ outcome: 'unchanged', versionId: 'v1', attempts: 1 });
    expect(changes).toBe(0);
  });

  test('a rejected version that is delivered twice is written once', async () => {
    const world = await quietWorld('upload broken');
    let changes = 0;
    world.afterChange = () => changes++;
    expect(await reconcileIn(world)).toEqual({ outcome: 'unchanged', versionId: 'v1', attempts: 1 });
    expect(changes).toBe(0);
  });

  test('a photo that was never resized and is gone is missing, and nothing is deleted', async () => {
    const world = await quietWorld();
    let changes = 0;
    world.afterChange = () => changes++;
    expect(await reconcileIn(world)).toEqual({ outcome: 'missing', state: 'absent', attempts: 1 });
    expect(changes).toBe(0);
  });

  test('a deleted photo takes its variants and its manifest with it', async () => {
    const world = await quietWorld('upload A', 'delete');
    expect(world.results).toEqual([
      { outcome: 'resized', versionId: 'v1', attempts: 1 },
      { outcome: 'removed', state: 'deleted', attempts: 1 },
    ]);
    expect(world.outputs.size).toBe(0);
  });

  test('the output of a photo whose key lies below another one survives the other one', async () => {
    const world = await quietWorld('upload A');
    const other = { metadata: { sourceVersion: 'x', configHash }, content: 'x' };
    world.outputs.set(`${key}/inner.jpg/small.webp`, other);
    world.outputs.set(`${key}/inner.jpg/manifest.json`, other);
    const acted = world.act('delete');
    await reconcileIn(world);
    await acted;
    expect([...world.outputs.keys()]).toEqual([`${key}/inner.jpg/small.webp`, `${key}/inner.jpg/manifest.json`]);
  });

  test('a manifest that names objects of other photos deletes none of them', async () => {
    const world = await quietWorld('upload A');
    const manifest = world.outputs.get(keys.manifest);
    const victims = ['other.jpg/small.webp', `${key}/inner.jpg/small.webp`, `${key}-2/small.webp`];
    for (const victim of victims)
      world.outputs.set(victim, { metadata: { sourceVersion: 'x', configHash }, content: 'x' });
    if (!manifest?.manifest) throw new Error('no manifest');
    manifest.manifest.retired = victims;
    const acted = world.act('delete');
    await reconcileIn(world);
    await acted;
    expect([...world.outputs.keys()]).toEqual(victims);
  });

  test('a variant dropped from the settings is removed when its photo is delivered again', async () => {
    const world = await quietWorld('upload A');
    const now = variants('large', 'huge');
    await reconcileIn(world, undefined, now, 'e'.repeat(64));
    expect(new Set(world.outputs.keys())).toEqual(new Set([...now.variants, now.manifest]));
  });

  test('a dropped variant is removed even if a worker died at any request before', async () => {
    const now = variants('large', 'huge');
    for (let request = 1; request <= 15; request++) {
      const world = await quietWorld('upload A');
      await reconcileIn(world, { request, kind: 'dies' }, now, 'e'.repeat(64)).catch(() => undefined);
      await reconcileIn(world, undefined, now, 'e'.repeat(64));
      expect(new Set(world.outputs.keys())).toEqual(new Set([...now.variants, now.manifest]));
    }
  });

  test('a photo that changed while it was resized is not written at all', async () => {
    const world = await quietWorld();
    const acted = [world.act('upload A')];
    await world.scheduler.run();
    const work = world.work(undefined, keys, configHash);
    await world.scheduler.run(world.lastWorker, 3);
    acted.push(world.act('upload B'));
    await world.scheduler.run(0);
    const written: string[] = [];
    world.afterChange = () =>
      written.push(...[...world.outputs.values()].map((output) => output.metadata.sourceVersion));
    await world.scheduler.run();
    await Promise.all(acted);
    expect(await work).toEqual({ outcome: 'resized', versionId: 'v2', attempts: 2 });
    expect(new Set(written)).toEqual(new Set(['v2']));
  });

  test('a photo uploaded again before its output is deleted keeps that output until it is replaced', async () => {
    const world = await quietWorld('upload A');
    const acted = [world.act('delete')];
    await world.scheduler.run(0);
    const work = world.work(undefined, keys, configHash);
    // The photo, the manifest, and whether each of three objects is there.
    await world.scheduler.run(world.lastWorker, 5);
    acted.push(world.act('upload B'));
    await world.scheduler.run(0);
    let fewest = world.outputs.size;
    world.afterChange = () => (fewest = Math.min(fewest, world.outputs.size));
    await world.scheduler.run();
    await Promise.all(acted);
    expect(await work).toEqual({ outcome: 'resized', versionId: 'v3', attempts: 2 });
    expect(fewest).toBe(3);
  });

  test('variants of a rejected photo stay if the photo is replaced before they are deleted', async () => {
    const world = await quietWorld('upload A');
    const acted = [world.act('upload broken')];
    await world.scheduler.run(0);
    const work = world.work(undefined, keys, configHash);
    // The photo, the manifest, the bytes, whether each of two variants is there, the photo, the new manifest.
    await world.scheduler.run(world.lastWorker, 7);
    acted.push(world.act('upload B'));
    await world.scheduler.run(0);
    let fewest = world.outputs.size;
    world.afterChange = () => (fewest = Math.min(fewest, world.outputs.size));
    await world.scheduler.run();
    await Promise.all(acted);
    expect(await work).toEqual({ outcome: 'resized', versionId: 'v3', attempts: 2 });
    expect(fewest).toBe(3);
  });

  test('a photo that changes during every attempt is left to the retry', async () => {
    const world = await quietWorld();
    let version = 0;
    const { photos, outputs } = world.buckets();
    const changing = {
      ...photos,
      current: async (of: string): Promise<CurrentPhoto> => ({
        state: 'present',
        version: { key: of, versionId: `v${version++}`, etag: '', size: 1 },
      }),
    };
    const work = reconcile(key, keys, dependencies({ photos: changing, outputs }));
    void work.catch(() => undefined);
    await world.scheduler.run();
    await expect(work).rejects.toMatchObject({ name: 'NotReconciledError' });
    expect(world.outputs.size).toBe(0);
  });

  test('a worker whose write is refused fails only once its other writes have ended', async () => {
    const world = await quietWorld('upload A');
    const { photos, outputs } = world.buckets();
    const landed: string[] = [];
    let land: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (land = resolve));
    const write: OutputStore['write'] = async ({ key: name }) => {
      if (name === keys.variants[0]) throw new Error('SlowDown');
      await slow;
      landed.push(name);
    };
    const acted = world.act('upload B');
    let failed = false;
    const work = reconcile(key, keys, dependencies({ photos, outputs: { ...outputs, write } }));
    void work.catch(() => (failed = true));
    await world.scheduler.run();
    await acted;
    expect(failed).toBe(false);
    land();
    await expect(work).rejects.toThrow('SlowDown');
    expect(landed).toEqual([keys.variants[1]]);
  });
});

function pairs(items: readonly Action[]): [Action, Action][] {
  return items.flatMap((one) => items.map((other): [Action, Action] => [one, other]));
}
