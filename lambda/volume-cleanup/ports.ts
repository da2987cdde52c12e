import type { Line, ResourceRecord } from './record';
import type { Resource } from './resource';
import type { Snapshot, Volume } from './volume';

/** Kind of resources that the engine cleans up. */
export interface Kind<Item extends Resource> {
  /** Prefix of the ids, which separates the records of kinds. */
  readonly prefix: string;
  list(): Iterable<Item> | AsyncIterable<Item>;
  /** Reason why an item is used or is not ours, or undefined if nobody uses it. */
  usageOf(item: Item): string | undefined;
  dollarsAMonth(item: Item): number;
  /** Text about an item beside its id in a report. */
  detailOf?(item: Item): string | undefined;
  /** Missing for kinds that are only reported. */
  readonly removal?: Removal<Item>;
}

/** Result of a request to delete: `gone` if there is no such resource, `in-use` if EC2 refuses because it is used. */
export type Deleted = 'deleted' | 'gone' | 'in-use';

export interface Removal<Item> {
  readonly outcome: 'deleted' | 'released';
  /** The item as it is now, or undefined if it is gone. */
  find(id: string): Promise<Item | undefined>;
  gibibytesOf(item: Item): number;
  /** Makes what an undo needs: fields of the record once that is complete, and until then how far it is. */
  prepare?(item: Item, record: ResourceRecord): Promise<{ readonly ready: Partial<ResourceRecord> } | Advance>;
  remove(item: Item): Promise<Deleted>;
}

/** Outcome and detail of a step, or undefined if there is nothing to report. */
export type Advance = readonly [Outcome, string?] | undefined;

/** Volumes and safety snapshots of EC2 in one region. */
export interface Volumes {
  list(): AsyncIterable<Volume>;
  find(id: string): Promise<Volume | undefined>;
  delete(id: string): Promise<Deleted>;
  /** Snapshots of this attempt, by its tag. */
  findSnapshots(cleanup: string): Promise<Snapshot[]>;
  createSnapshot(volume: Volume, cleanup: string): Promise<Snapshot>;
  listSnapshots(): AsyncIterable<Snapshot>;
  /** @returns `in-use` if an image is made of it */
  deleteSnapshot(id: string): Promise<Deleted>;
}

/** Step with a budget for a day. */
export type BudgetStep = 'snapshot' | 'delete' | 'release';

/** Candidates table. */
export interface Records {
  ofRegion(region: string): Promise<Map<string, ResourceRecord>>;
  /** Writes a record if it still has the version before it; returns whether it did. */
  write(record: ResourceRecord): Promise<boolean>;
  /** Takes a resource from the day's budget for a step; returns whether there was enough. */
  reserve(day: string, step: BudgetStep, gibibytes: number): Promise<boolean>;
}

/** Line of a report. */
export interface Finding extends Line {
  readonly region: string;
  readonly id: string;
  readonly outcome: Outcome;
}

export type Outcome =
  | 'candidate'
  | 'notified'
  | 'snapshotting'
  | 'deleted'
  | 'released'
  | 'kept'
  | 'gone'
  | 'over-cap'
  | 'failed'
  | 'snapshot-expired';
