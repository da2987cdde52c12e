import type { Snapshot, Volume, VolumeRecord } from './volume';

/** EC2 in one region. */
export interface Volumes {
  list(): AsyncIterable<Volume>;
  /** The volume as it is now, or undefined if it is gone. */
  find(id: string): Promise<Volume | undefined>;
  /** @returns `deleted`, `gone` if there is no such volume, or `in-use` if EC2 refuses because it is attached */
  delete(id: string): Promise<'deleted' | 'gone' | 'in-use'>;
  /** Snapshots of this attempt, by its tag. */
  findSnapshots(cleanup: string): Promise<Snapshot[]>;
  createSnapshot(volume: Volume, cleanup: string): Promise<Snapshot>;
  listSnapshots(): AsyncIterable<Snapshot>;
  /** @returns `in-use` if an image is made of it */
  deleteSnapshot(id: string): Promise<'deleted' | 'gone' | 'in-use'>;
}

/** Candidates table. */
export interface Records {
  ofRegion(region: string): Promise<Map<string, VolumeRecord>>;
  /** Writes a record if it still has the version before it; returns whether it did. */
  write(record: VolumeRecord): Promise<boolean>;
  /** Takes a volume from the day's budget for a step; returns whether there was enough. */
  reserve(day: string, step: 'snapshot' | 'delete', gibibytes: number): Promise<boolean>;
}

/** Line of a report. */
export interface Finding {
  readonly region: string;
  readonly id: string;
  readonly outcome: Outcome;
  readonly dollarsAMonth: number;
  readonly owner: string;
  readonly detail?: string;
}

export type Outcome =
  | 'candidate'
  | 'notified'
  | 'snapshotting'
  | 'deleted'
  | 'kept'
  | 'gone'
  | 'over-cap'
  | 'failed'
  | 'snapshot-expired';
