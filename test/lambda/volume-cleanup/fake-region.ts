import { cleanUpRegion } from '../../../lambda/volume-cleanup/clean-up-region';
import type { Finding, Kind, Records, Volumes } from '../../../lambda/volume-cleanup/ports';
import type { ResourceRecord } from '../../../lambda/volume-cleanup/record';
import type { Resource } from '../../../lambda/volume-cleanup/resource';
import { cleanupTag, type Snapshot, type Volume } from '../../../lambda/volume-cleanup/volume';

export const day = 86_400_000;

export interface FakeAddress extends Resource {
  readonly isAssociated: boolean;
}

/** Volumes, addresses, snapshots and records in memory; `before` may change them before any call, and may throw. */
export class FakeRegion {
  readonly volumes = new Map<string, Volume>();
  readonly snapshots = new Map<string, Snapshot>();
  readonly addresses = new Map<string, FakeAddress>();
  readonly records = new Map<string, ResourceRecord>();
  readonly spent = new Map<string, { volumes: number; gibibytes: number }>();
  readonly deletions: { readonly volume: Volume; readonly at: number }[] = [];
  readonly releases: { readonly address: FakeAddress; readonly at: number }[] = [];
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

  /** Elastic IP addresses: EC2 releases an associated one too, as in a default VPC. */
  readonly addressKind: Kind<FakeAddress> = {
    prefix: 'eipalloc-',
    list: () => iterate(() => (this.before('listAddresses', ''), [...this.addresses.values()])),
    usageOf: ({ isAssociated }) => (isAssociated ? 'associated' : undefined),
    dollarsAMonth: () => 3.65,
    detailOf: () => '203.0.113.7',
    removal: {
      outcome: 'released',
      find: (id) => this.call('findAddress', id, () => this.addresses.get(id)),
      gibibytesOf: () => 0,
      remove: ({ id }) =>
        this.call('release', id, () => {
          const address = this.addresses.get(id);
          if (address === undefined) return 'gone';
          this.addresses.delete(id);
          this.releases.push({ address, at: this.now });
          return 'deleted';
        }),
    },
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

const policy = { minimumAgeMilliseconds: 30 * day, graceMilliseconds: 7 * day, exemptTags: ['keep'], dryRun: false };

export interface RunOptions {
  readonly dryRun?: boolean;
  readonly hasTimeLeft?: boolean;
  readonly notices?: Finding[];
  /** Kinds beside the volumes; by default the addresses. */
  readonly otherKinds?: readonly Kind<Resource>[];
  readonly failed?: string[];
}

/** One run of the real engine over the region; returns what it reports. */
export async function runOver(region: FakeRegion, options: RunOptions = {}): Promise<Finding[]> {
  const findings: Finding[] = [];
  const failed = await cleanUpRegion({
    ...{ region: 'us-east-1', volumes: region.ec2, records: region.table, ownerTag: 'owner' },
    policy: options.dryRun === true ? { ...policy, dryRun: true } : policy,
    snapshotMilliseconds: 90 * day,
    otherKinds: () => options.otherKinds ?? [region.addressKind],
    now: () => region.now,
    hasTimeLeft: () => options.hasTimeLeft ?? true,
    notify: (noticed) => Promise.resolve(void options.notices?.push(...noticed)),
    report: (finding) => void findings.push(finding),
    each: async (items, act) => void (await Promise.all([...items].map(act))),
  });
  if (options.failed === undefined && failed.length > 0) throw new Error(failed.join('; '));
  options.failed?.push(...failed);
  return findings;
}

async function* iterate<Item>(items: () => readonly Item[]): AsyncGenerator<Item> {
  await Promise.resolve();
  yield* items();
}
