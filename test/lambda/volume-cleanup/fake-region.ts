import type { Records, Volumes } from '../../../lambda/volume-cleanup/ports';
import { cleanupTag, type Snapshot, type Volume, type VolumeRecord } from '../../../lambda/volume-cleanup/volume';

export const day = 86_400_000;

/** Volumes, snapshots and records in memory; `before` may change them before any call, and may throw. */
export class FakeRegion {
  readonly volumes = new Map<string, Volume>();
  readonly snapshots = new Map<string, Snapshot>();
  readonly records = new Map<string, VolumeRecord>();
  readonly spent = new Map<string, { volumes: number; gibibytes: number }>();
  readonly deletions: { readonly volume: Volume; readonly at: number }[] = [];
  readonly caps = { volumes: 1_000, gibibytes: 1_000_000 };
  snapshotState: Snapshot['state'] = 'completed';
  now = Date.UTC(2026, 0, 1);
  before: (call: string, id: string) => void = () => undefined;

  add(id: string, change: Partial<Volume> = {}): void {
    const common = { state: 'available', isAttached: false, zone: 'a', type: 'gp3', gibibytes: 10, encrypted: false };
    this.volumes.set(id, { id, tags: {}, ...common, ...change });
  }

  readonly ec2: Volumes = {
    list: () => iterate(() => (this.before('list', ''), [...this.volumes.values()])),
    find: (id) => this.call('find', id, () => this.volumes.get(id)),
    delete: (id) =>
      this.call('delete', id, () => {
        const volume = this.volumes.get(id);
        if (volume === undefined) return 'gone';
        if (volume.isAttached) return 'in-use';
        this.volumes.delete(id);
        this.deletions.push({ volume, at: this.now });
        return 'deleted';
      }),
    findSnapshots: (cleanup) =>
      this.call('findSnapshots', cleanup, () =>
        [...this.snapshots.values()].filter(({ tags }) => tags[cleanupTag] === cleanup),
      ),
    createSnapshot: (volume, cleanup) =>
      this.call('createSnapshot', volume.id, () => {
        const id = `snap-${this.snapshots.size + 1}`;
        const tags = { [cleanupTag]: cleanup };
        const { gibibytes } = volume;
        const made = { id, volumeId: volume.id, state: this.snapshotState, gibibytes, startedAt: this.now, tags };
        this.snapshots.set(id, made);
        return made;
      }),
    listSnapshots: () => iterate(() => [...this.snapshots.values()]),
    deleteSnapshot: (id) => this.call('deleteSnapshot', id, () => (this.snapshots.delete(id) ? 'deleted' : 'gone')),
  };

  readonly table: Records = {
    ofRegion: () => this.call('ofRegion', '', () => new Map(this.records)),
    write: (record) =>
      this.call('write', record.id, () => {
        if ((this.records.get(record.id)?.version ?? 0) !== record.version - 1) return false;
        this.records.set(record.id, record);
        return true;
      }),
    reserve: (date, step, gibibytes) =>
      this.call('reserve', '', () => {
        const key = `${date}/${step}`;
        const spent = this.spent.get(key) ?? { volumes: 0, gibibytes: 0 };
        if (spent.volumes + 1 > this.caps.volumes || spent.gibibytes + gibibytes > this.caps.gibibytes) return false;
        this.spent.set(key, { volumes: spent.volumes + 1, gibibytes: spent.gibibytes + gibibytes });
        return true;
      }),
  };

  private async call<Result>(call: string, id: string, act: () => Result): Promise<Result> {
    await Promise.resolve();
    this.before(call, id);
    return act();
  }
}

async function* iterate<Item>(items: () => readonly Item[]): AsyncGenerator<Item> {
  await Promise.resolve();
  yield* items();
}
