import { dayOf, findingOf, keep, type CleanupRun } from './clean-up-kind';
import type { Advance, Kind, Volumes } from './ports';
import { dollarsOfVolume } from './prices';
import { isOpen, next, type ResourceRecord } from './record';
import { cleanupOf, type Snapshot, type Volume } from './volume';

/** Time in which a created snapshot can be missing in a list: https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html */
const listedWithin = 10 * 60_000;

/** Snapshots of a volume that may fail, as where its key is gone; then it is kept, and its time begins anew. */
const mostFailures = 3;

/**
 * Errors of EC2 for a key that is gone or disabled: no snapshot can be made, and nobody could read the volume. EC2's list has the
 * first; `InvalidKMSKey.InvalidState` comes from launches. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
const keyErrors = /^CustomerKeyHasBeenRevoked$|kms/i;

/** Run over volumes. */
export type VolumeRun = Pick<CleanupRun, 'records' | 'now'> & { readonly volumes: Volumes };

/** Unattached volumes, each deleted once a snapshot of it is complete. */
export function volumeKind(run: VolumeRun, listed: readonly Volume[]): Kind<Volume> {
  return {
    prefix: 'vol-',
    list: () => listed,
    usageOf: ({ state, isAttached, managedBy }) => {
      if (isAttached) return 'attached';
      if (state !== 'available') return `state ${state}`;
      return managedBy === undefined ? undefined : `managed by ${managedBy}`;
    },
    dollarsAMonth: dollarsOfVolume,
    removal: {
      outcome: 'deleted',
      find: (id) => run.volumes.find(id),
      gibibytesOf: ({ gibibytes }) => gibibytes,
      prepare: (volume, record) =>
        record.claimedAt === undefined ? claim(run, volume, record) : completeSnapshot(run, volume, record),
      remove: ({ id }) => run.volumes.delete(id),
    },
  };
}

async function claim(run: VolumeRun, volume: Volume, record: ResourceRecord): Promise<Advance> {
  const now = run.now();
  if (!(await run.records.reserve(dayOf(now), 'snapshot', volume.gibibytes))) {
    await run.records.write(next(record, { lastSeenAt: now }));
    return ['over-cap'];
  }
  return makeSnapshot(run, volume, next(record, { lastSeenAt: now, claimedAt: now }));
}

/** Makes the snapshot unless one is there: CreateSnapshot has no client token. */
async function makeSnapshot(run: VolumeRun, volume: Volume, claimed: ResourceRecord): Promise<Advance> {
  // The claim comes first: of two runs at once, one makes the snapshot.
  if (!(await run.records.write(claimed))) return undefined;
  const { usable, failures } = await snapshotsOf(run, claimed);
  if (failures >= mostFailures) return keep(run, claimed, `${failures} snapshots of it failed`);
  try {
    const snapshot = usable ?? (await run.volumes.createSnapshot(volume, cleanupOf(claimed)));
    await run.records.write(next(claimed, { lastSeenAt: run.now(), snapshotId: snapshot.id }));
    return ['snapshotting', snapshot.id];
  } catch (error) {
    if (error instanceof Error && keyErrors.test(error.name)) return keep(run, claimed, `its key: ${error.name}`);
    throw error;
  }
}

async function snapshotsOf(run: VolumeRun, record: ResourceRecord): Promise<{ usable?: Snapshot; failures: number }> {
  const found = (await run.volumes.findSnapshots(cleanupOf(record))).filter(({ volumeId }) => volumeId === record.id);
  const usable = found.find(({ state }) => state !== 'error');
  return {
    ...(usable === undefined ? {} : { usable }),
    failures: found.filter(({ state }) => state === 'error').length,
  };
}

/** Volume's settings once its snapshot is complete; a lost or failed snapshot is made again. */
async function completeSnapshot(
  run: VolumeRun,
  volume: Volume,
  record: ResourceRecord,
): Promise<{ readonly ready: Partial<ResourceRecord> } | Advance> {
  const now = run.now();
  const { usable: snapshot } = await snapshotsOf(run, record);
  if (snapshot?.state === 'completed') return { ready: { snapshotId: snapshot.id, volume } };
  if (snapshot !== undefined) {
    await run.records.write(next(record, { lastSeenAt: now, snapshotId: snapshot.id }));
    return ['snapshotting', snapshot.id];
  }
  const isListed = now - (record.claimedAt ?? now) >= listedWithin;
  if (record.snapshotId === undefined && !isListed) return ['snapshotting'];
  // It failed or was deleted, or its creator was killed: a new one, by a claim of its own.
  const { snapshotId: _, ...without } = record;
  return makeSnapshot(run, volume, next(without, { lastSeenAt: now, claimedAt: now }));
}

/** Deletes safety snapshots after their time, by the clock; those of open records stay. */
export async function expireSnapshots(
  run: VolumeRun & Pick<CleanupRun, 'region' | 'hasTimeLeft' | 'report'>,
  records: ReadonlyMap<string, ResourceRecord>,
  milliseconds: number,
): Promise<void> {
  for await (const snapshot of run.volumes.listSnapshots()) {
    const record = records.get(snapshot.volumeId);
    const since = Math.max(snapshot.startedAt, record?.deletedAt ?? 0);
    if (isOpen(record) || run.now() - since < milliseconds || !run.hasTimeLeft()) continue;
    if ((await run.volumes.deleteSnapshot(snapshot.id)) !== 'deleted') continue;
    const subject = { id: snapshot.volumeId, region: run.region };
    run.report(findingOf(subject, 'snapshot-expired', { dollarsAMonth: 0, owner: 'none' }, snapshot.id));
  }
}
