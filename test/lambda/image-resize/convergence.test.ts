import fc from 'fast-check';
import { settle, type Outputs, type Settled } from '../../../lambda/image-resize/convergence';
import { outputKeys, type OutputKeys } from '../../../lambda/image-resize/object-keys';
import { bursts, Scheduler } from './bursts';
import { actions, key, keys, makePrints, recipe, World, type Action, type Mishap } from './convergence-model';

const mishap = fc.record<Mishap>({
  request: fc.integer({ min: 1, max: 20 }),
  kind: fc.constantFrom('dies', 'refused'),
});

/** Something that happens to the photo, and what goes wrong in each delivery of each of its events. */
const change = fc.record({
  action: fc.constantFrom(...actions),
  deliveries: fc.array(fc.array(mishap, { maxLength: 2 }), { minLength: 1, maxLength: 2 }),
});
const history = fc.array(change, { minLength: 1, maxLength: 5 });

describe('convergence', () => {
  test('however workers overlap, die and are retried, the outputs end at the newest version or at nothing', async () => {
    await fc.assert(
      fc.asyncProperty(bursts, history, fc.context(), async (schedule, changes, context) => {
        const scheduler = new Scheduler(schedule, (line) => context.log(line));
        const world = new World(scheduler);
        const deliveries: Promise<void>[] = [];
        const people = async (): Promise<void> => {
          for (const { action, deliveries: reports } of changes) {
            await world.act(action);
            for (const mishaps of reports) deliveries.push(world.deliver(mishaps));
          }
        };
        const acted = people();
        await scheduler.run();
        await acted;
        await Promise.all(deliveries);

        expect(world.actualOutputs()).toEqual(world.expectedOutputs());
        expect(world.brokenPromises()).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a worker that stands still at any request while others finish, and then dies at any later one, leaves nothing wrong', async () => {
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

  test('while workers do not overlap, a manifest never names a variant that is not there', async () => {
    await fc.assert(
      fc.asyncProperty(bursts, history, fc.context(), async (schedule, changes, context) => {
        const scheduler = new Scheduler(schedule, (line) => context.log(line));
        const world = new World(scheduler);
        const broken: string[] = [];
        world.afterChange = () => broken.push(...world.brokenPromises());
        const people = async (): Promise<void> => {
          for (const { action } of changes) await world.act(action);
        };
        const oneWorkerAtATime = async (): Promise<void> => {
          for (const mishaps of changes.flatMap((one) => one.deliveries)) await world.deliver(mishaps);
        };
        const done = Promise.all([people(), oneWorkerAtATime()]);
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

  /** A world in which this happened, one after the other, and each time a worker has finished. */
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

  async function settleIn(world: World, mishap?: Mishap, ofKeys = keys, ofRecipe = recipe): Promise<Settled> {
    const work = world.work(mishap, ofKeys, ofRecipe);
    void work.catch(() => undefined);
    await world.scheduler.run();
    return work;
  }

  test('a version that is delivered twice is written once', async () => {
    const world = await quietWorld('upload A');
    let changes = 0;
    world.afterChange = () => changes++;
    expect(await settleIn(world)).toEqual({ outcome: 'unchanged', versionId: 'v1', rounds: 1 });
    expect(changes).toBe(0);
  });

  test('a rejected version that is delivered twice is written once', async () => {
    const world = await quietWorld('upload broken');
    let changes = 0;
    world.afterChange = () => changes++;
    expect(await settleIn(world)).toEqual({ outcome: 'unchanged', versionId: 'v1', rounds: 1 });
    expect(changes).toBe(0);
  });

  test('a photo that was never resized and is gone is missing, and nothing is deleted', async () => {
    const world = await quietWorld();
    let changes = 0;
    world.afterChange = () => changes++;
    expect(await settleIn(world)).toEqual({ outcome: 'missing', rounds: 1 });
    expect(changes).toBe(0);
  });

  test('a deleted photo takes its variants and its manifest with it', async () => {
    const world = await quietWorld('upload A', 'delete');
    expect(world.settled).toEqual([
      { outcome: 'resized', versionId: 'v1', rounds: 1 },
      { outcome: 'removed', rounds: 1 },
    ]);
    expect(world.outputs.size).toBe(0);
  });

  test('the output of a photo whose key lies below another one survives the other one', async () => {
    const world = await quietWorld('upload A');
    const neighbour = { stamp: { sourceVersion: 'x', recipe }, content: 'x' };
    world.outputs.set(`${key}/inner.jpg/small.webp`, neighbour);
    world.outputs.set(`${key}/inner.jpg/manifest.json`, neighbour);
    const acted = world.act('delete');
    await settleIn(world);
    await acted;
    expect([...world.outputs.keys()]).toEqual([`${key}/inner.jpg/small.webp`, `${key}/inner.jpg/manifest.json`]);
  });

  test('a manifest that names objects of others deletes none of them', async () => {
    const world = await quietWorld('upload A');
    const manifest = world.outputs.get(keys.manifest);
    const victims = ['other.jpg/small.webp', `${key}/inner.jpg/small.webp`, `${key}-2/small.webp`];
    for (const victim of victims) world.outputs.set(victim, { stamp: { sourceVersion: 'x', recipe }, content: 'x' });
    if (!manifest?.manifest) throw new Error('no manifest');
    manifest.manifest.retired = victims;
    const acted = world.act('delete');
    await settleIn(world);
    await acted;
    expect([...world.outputs.keys()]).toEqual(victims);
  });

  test('a variant that the settings no longer have goes away when its photo is delivered again', async () => {
    const world = await quietWorld('upload A');
    const now = variants('large', 'huge');
    await settleIn(world, undefined, now, 'e'.repeat(64));
    expect(new Set(world.outputs.keys())).toEqual(new Set([...now.variants, now.manifest]));
  });

  test('a variant that is retired goes away even if the worker died right after the manifest that retired it', async () => {
    const now = variants('large', 'huge');
    for (let request = 1; request <= 15; request++) {
      const world = await quietWorld('upload A');
      await settleIn(world, { request, kind: 'dies' }, now, 'e'.repeat(64)).catch(() => undefined);
      await settleIn(world, undefined, now, 'e'.repeat(64));
      expect(new Set(world.outputs.keys())).toEqual(new Set([...now.variants, now.manifest]));
    }
  });

  test('a photo that changed while it was resized is not written at all', async () => {
    const world = await quietWorld();
    const acted = [world.act('upload A')];
    await world.scheduler.run();
    const work = world.work(undefined, keys, recipe);
    await world.scheduler.run(world.lastWorker, 3);
    acted.push(world.act('upload B'));
    await world.scheduler.run(0);
    const written: string[] = [];
    world.afterChange = () => written.push(...[...world.outputs.values()].map((output) => output.stamp.sourceVersion));
    await world.scheduler.run();
    await Promise.all(acted);
    expect(await work).toEqual({ outcome: 'resized', versionId: 'v2', rounds: 2 });
    expect(new Set(written)).toEqual(new Set(['v2']));
  });

  test('a photo that comes back before its output is deleted keeps its output until it is replaced', async () => {
    const world = await quietWorld('upload A');
    const acted = [world.act('delete')];
    await world.scheduler.run(0);
    const work = world.work(undefined, keys, recipe);
    // The photo, the manifest, and whether each of three objects is there.
    await world.scheduler.run(world.lastWorker, 5);
    acted.push(world.act('upload B'));
    await world.scheduler.run(0);
    let fewest = world.outputs.size;
    world.afterChange = () => (fewest = Math.min(fewest, world.outputs.size));
    await world.scheduler.run();
    await Promise.all(acted);
    expect(await work).toEqual({ outcome: 'resized', versionId: 'v3', rounds: 2 });
    expect(fewest).toBe(3);
  });

  test('variants that a rejected photo retires stay if the photo is replaced before they are deleted', async () => {
    const world = await quietWorld('upload A');
    const acted = [world.act('upload broken')];
    await world.scheduler.run(0);
    const work = world.work(undefined, keys, recipe);
    // The photo, the manifest, the bytes, whether each of two variants is there, the photo, the new manifest.
    await world.scheduler.run(world.lastWorker, 7);
    acted.push(world.act('upload B'));
    await world.scheduler.run(0);
    let fewest = world.outputs.size;
    world.afterChange = () => (fewest = Math.min(fewest, world.outputs.size));
    await world.scheduler.run();
    await Promise.all(acted);
    expect(await work).toEqual({ outcome: 'resized', versionId: 'v3', rounds: 2 });
    expect(fewest).toBe(3);
  });

  test('a photo that changes in every round is left to the retry', async () => {
    const world = await quietWorld();
    let version = 0;
    const { photos, outputs } = world.buckets();
    const restless = {
      ...photos,
      current: async (of: string) => ({ key: of, versionId: `v${version++}`, etag: '', size: 1 }),
    };
    const work = settle(keys, key, { photos: restless, outputs, recipe, makePrints: makePrints(recipe) });
    void work.catch(() => undefined);
    await world.scheduler.run();
    await expect(work).rejects.toMatchObject({ name: 'NotSettled' });
    expect(world.outputs.size).toBe(0);
  });

  test('a worker whose write is refused gives up only when its other writes have landed', async () => {
    const world = await quietWorld('upload A');
    const { photos, outputs } = world.buckets();
    const landed: string[] = [];
    let land: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (land = resolve));
    const write: Outputs['write'] = async ({ key: name }) => {
      if (name === keys.variants[0]) throw new Error('SlowDown');
      await slow;
      landed.push(name);
    };
    const acted = world.act('upload B');
    let failed = false;
    const work = settle(keys, key, { photos, outputs: { ...outputs, write }, recipe, makePrints: makePrints(recipe) });
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
