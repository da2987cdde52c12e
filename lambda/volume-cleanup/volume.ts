/** Volume as EC2 describes it. */
export interface Volume {
  readonly id: string;
  /** Such as `available` or `in-use`. */
  readonly state: string;
  readonly isAttached: boolean;
  readonly zone: string;
  readonly type: string;
  readonly gibibytes: number;
  readonly iops?: number;
  /** MiB/s, of gp3. */
  readonly throughput?: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly multiAttach?: boolean;
  /** Snapshot that the volume was made from. */
  readonly origin?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Snapshot of a volume that a cleanup made. */
export interface Snapshot {
  readonly id: string;
  readonly volumeId: string;
  readonly state: 'pending' | 'completed' | 'error';
  readonly gibibytes: number;
  /** Milliseconds since 1970, by EC2's clock. */
  readonly startedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** `unattached` until the volume is deleted, kept or gone. `deleting` was written before the delete, which may have been made. */
export type Stage = 'unattached' | 'deleting' | 'deleted' | 'kept' | 'gone';

/** Record of a volume in the Candidates table. Times are milliseconds since 1970. */
export interface VolumeRecord {
  readonly id: string;
  readonly region: string;
  /** Grows with each write, which is made only on the version that was read. */
  readonly version: number;
  readonly stage: Stage;
  /** First run that saw the volume unattached, with no run since that saw it attached or did not see it. */
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** Time of the notice that the volume will be deleted. */
  readonly notifiedAt?: number;
  /** Time at which a run began to make the snapshot. */
  readonly claimedAt?: number;
  readonly snapshotId?: string;
  readonly deletedAt?: number;
  /** Reason of `kept`. */
  readonly reason?: string;
  /** Settings to make the volume again, from before the delete. */
  readonly volume?: Volume;
  /** Volume that `undo` made. */
  readonly restoredAs?: string;
}

export function isOpen(record: VolumeRecord | undefined): record is VolumeRecord {
  return record?.stage === 'unattached' || record?.stage === 'deleting';
}

/** Tags of the snapshots that a cleanup makes. */
export const stackTag = 'volume-cleanup:stack';
export const cleanupTag = 'volume-cleanup:cleanup';

/** Value of `cleanupTag`: an attempt to delete a volume, which begins when it is first seen unattached. */
export function cleanupOf({ id, firstSeenAt }: Pick<VolumeRecord, 'id' | 'firstSeenAt'>): string {
  return `${id}/${firstSeenAt}`;
}
