import type { Resource, Tags } from './resource';

/** Volume as EC2 describes it. */
export interface Volume extends Resource {
  /** Such as `available` or `in-use`. */
  readonly state: string;
  readonly isAttached: boolean;
  /** Service that manages the volume: it is not ours to delete, nor can `undo` make it again. */
  readonly managedBy?: string;
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
}

/** Snapshot of a volume that a cleanup made. */
export interface Snapshot {
  readonly id: string;
  readonly volumeId: string;
  readonly state: 'pending' | 'completed' | 'error';
  readonly gibibytes: number;
  /** Milliseconds since 1970, by EC2's clock. */
  readonly startedAt: number;
  readonly tags: Tags;
}

/** Tags of the snapshots that a cleanup makes. */
export const stackTag = 'volume-cleanup:stack';
export const cleanupTag = 'volume-cleanup:cleanup';

/** Value of `cleanupTag`: an attempt to delete a volume, which begins when it is first seen unattached. */
export function cleanupOf({ id, firstSeenAt }: { readonly id: string; readonly firstSeenAt: number }): string {
  return `${id}/${firstSeenAt}`;
}
