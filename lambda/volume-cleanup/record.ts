import type { Volume } from './volume';

/** `unattached`, or unused, until the resource is deleted, kept or gone. `deleting` was written before the delete, which may have been made. */
export type Stage = 'unattached' | 'deleting' | 'deleted' | 'kept' | 'gone';

/** Record of a resource in the Candidates table. Times are milliseconds since 1970. */
export interface ResourceRecord {
  readonly id: string;
  readonly region: string;
  /** Grows with each write, which is made only on the version that was read. */
  readonly version: number;
  readonly stage: Stage;
  /** First run that saw the resource unused, with no run since that saw it used or did not see it. */
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** Time of the notice that the resource will be deleted. */
  readonly notifiedAt?: number;
  /** Time at which a run began to make the snapshot. */
  readonly claimedAt?: number;
  readonly snapshotId?: string;
  readonly deletedAt?: number;
  /** Reason of `kept`. */
  readonly reason?: string;
  /** Settings to make a volume again, from before the delete. */
  readonly volume?: Volume;
  /** Report's line about the resource, from before the delete. */
  readonly line?: Line;
  /** Volume that `undo` made. */
  readonly restoredAs?: string;
}

/** Money, owner and description of a resource in reports. */
export interface Line {
  readonly dollarsAMonth: number;
  readonly owner: string;
  /** Such as an IP address. */
  readonly detail?: string;
}

export function isOpen(record: ResourceRecord | undefined): record is ResourceRecord {
  return record?.stage === 'unattached' || record?.stage === 'deleting';
}

/** Next version of a record. */
export function next(record: ResourceRecord, change: Partial<ResourceRecord>): ResourceRecord {
  return { ...record, ...change, version: record.version + 1 };
}
