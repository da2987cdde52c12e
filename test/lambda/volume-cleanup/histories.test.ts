import fc from 'fast-check';
import { day, FakeRegion, runOver } from './fake-region';

/** Change of a day in a random history; `step` is a clock that jumps, `double` two runs at once. */
const change = fc.record({
  resource: fc.nat(3),
  what: fc.constantFrom('use', 'free', 'tag', 'untag', 'remove', 'clock', 'skip', 'double', 'nothing'),
  days: fc.integer({ min: -50, max: 50 }),
});
type Change = typeof change extends fc.Arbitrary<infer One> ? One : never;

/** Region with a volume and an address for each age in days, announced in time for the oldest. */
function regionOf(ages: readonly number[]): { region: FakeRegion; freeSince: Map<string, number> } {
  const region = new FakeRegion();
  region.caps.volumes = 1;
  const freeSince = new Map<string, number>();
  ages.forEach((age, index) => {
    for (const id of [`vol-${index}`, `eipalloc-${index}`]) {
      const notified = age >= 38 ? { notifiedAt: region.now - 7 * day } : {};
      const seen = { firstSeenAt: region.now - age * day, lastSeenAt: region.now - day };
      region.records.set(id, { id, region: 'us-east-1', version: 1, stage: 'unattached', ...seen, ...notified });
      freeSince.set(id, -age);
    }
    region.add(`vol-${index}`);
    region.addresses.set(`eipalloc-${index}`, { id: `eipalloc-${index}`, tags: {}, isAssociated: false });
  });
  return { region, freeSince };
}

function apply(region: FakeRegion, index: number, { what, days }: Change): void {
  const volume = region.volumes.get(`vol-${index}`);
  const address = region.addresses.get(`eipalloc-${index}`);
  const tags = what === 'tag' ? { keep: 'x' } : {};
  if (what === 'clock') region.now += days * day;
  if (volume !== undefined) {
    if (what === 'use') region.add(volume.id, { isAttached: true, state: 'in-use' });
    if (what === 'free') region.add(volume.id);
    if (what === 'tag' || what === 'untag') region.add(volume.id, { ...volume, tags });
    if (what === 'remove') region.volumes.delete(volume.id);
  }
  if (address !== undefined) {
    if (what === 'use' || what === 'free')
      region.addresses.set(address.id, { ...address, isAssociated: what === 'use' });
    if (what === 'tag' || what === 'untag') region.addresses.set(address.id, { ...address, tags });
    if (what === 'remove') region.addresses.delete(address.id);
  }
}

/** Faults of one day's deletions: `freeSince` is by real days, whatever the clock of a run says. */
function* faultsOf(region: FakeRegion, from: { deletions: number; releases: number }, ages: (id: string) => number) {
  const deleted = region.deletions.slice(from.deletions);
  const released = region.releases.slice(from.releases);
  if (deleted.length > 1 || released.length > 1) yield 'more than the cap of one a day';
  for (const { volume } of deleted) {
    if (volume.isAttached || 'keep' in volume.tags) yield `${volume.id} was attached or exempt`;
    if (ages(volume.id) < 30) yield `${volume.id} was deleted after ${ages(volume.id)} days`;
    const isSaved = [...region.snapshots.values()].some(
      (one) => one.volumeId === volume.id && one.state === 'completed',
    );
    if (!isSaved) yield `${volume.id} has no snapshot`;
  }
  for (const { address } of released) {
    if (address.isAssociated || 'keep' in address.tags) yield `${address.id} was associated or exempt`;
    if (ages(address.id) < 30) yield `${address.id} was released after ${ages(address.id)} days`;
  }
}

async function live(ages: readonly number[], changes: readonly Change[]): Promise<FakeRegion> {
  const { region, freeSince } = regionOf(ages);
  let realDay = 0;
  for (const one of changes) {
    apply(region, one.resource % ages.length, one);
    const from = { deletions: region.deletions.length, releases: region.releases.length };
    if (one.what === 'double') await Promise.all([runOver(region), runOver(region)]);
    else if (one.what !== 'skip') await runOver(region);
    for (const fault of faultsOf(region, from, (id) => realDay - (freeSince.get(id) ?? realDay)))
      throw new Error(fault);
    for (const { id, isAttached } of region.volumes.values()) if (isAttached) freeSince.set(id, realDay);
    for (const { id, isAssociated } of region.addresses.values()) if (isAssociated) freeSince.set(id, realDay);
    realDay += 1;
    region.now += day;
  }
  return region;
}

it('in 10,000 random inventories, nothing that anyone wanted is deleted or released', async () => {
  const counts = { deleted: 0, released: 0 };
  const young = fc.array(fc.nat(45), { minLength: 1, maxLength: 3 });
  const property = fc.asyncProperty(young, fc.array(change, { minLength: 4, maxLength: 8 }), async (ages, changes) => {
    const region = await live(ages, changes);
    counts.deleted += region.deletions.length;
    counts.released += region.releases.length;
  });
  await fc.assert(property, { numRuns: 10_000, seed: 24 });
  // Histories in which nothing is ever deleted would prove nothing.
  expect(counts.deleted).toBeGreaterThan(500);
  expect(counts.released).toBeGreaterThan(500);
});
