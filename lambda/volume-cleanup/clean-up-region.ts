import { decide, type Policy } from './decision';
import { dollarsAMonth } from './prices';
import type { Finding, Outcome, Records, Volumes } from './ports';
import { cleanupOf, isOpen, type Snapshot, type Volume, type VolumeRecord } from './volume';

export interface RegionRun {
  readonly region: string;
  readonly volumes: Volumes;
  readonly records: Records;
  readonly policy: Policy;
  /** Value of the owner's tag, for subscribers that want only their own volumes. */
  readonly ownerTag: string;
  readonly snapshotMilliseconds: number;
  readonly now: () => number;
  readonly hasTimeLeft: () => boolean;
  /** Tells people of volumes that will be deleted; a notice counts only once this has succeeded. */
  readonly notify: (findings: readonly Finding[]) => Promise<void>;
  /** Maps with bounded concurrency. */
  readonly each: <Item>(items: Iterable<Item>, act: (item: Item) => Promise<void>) => Promise<void>;
}

/** Time in which a created snapshot can be missing in a list: https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html */
const listedWithin = 10 * 60_000;

interface Subject {
  readonly volume: Volume;
  readonly record: VolumeRecord | undefined;
}

/** One run over a region: each volume goes at most one step on, and a later run goes on from there. */
export async function cleanUpRegion(run: RegionRun): Promise<Finding[]> {
  const findings: Finding[] = [];
  const records = await run.records.ofRegion(run.region);
  const unseen = new Map([...records].filter(([, record]) => isOpen(record)));
  const subjects: Subject[] = [];
  for await (const volume of run.volumes.list()) {
    unseen.delete(volume.id);
    subjects.push({ volume, record: records.get(volume.id) });
  }
  const noticed: { readonly finding: Finding; readonly record: VolumeRecord }[] = [];
  await run.each(subjects, async (subject) => {
    if (!run.hasTimeLeft()) return;
    const { step } = decide(subject.volume, subject.record, run.policy, run.now());
    if (step === 'notify' && subject.record !== undefined) {
      noticed.push({ finding: findingOf(run, subject.volume, 'notified'), record: subject.record });
    } else findings.push(...(await attempt(run, subject)));
  });
  await run.each(unseen.values(), async (record) => {
    if (run.hasTimeLeft()) findings.push(...(await endUnseen(run, record)));
  });
  if (noticed.length > 0) {
    await run.notify(noticed.map(({ finding }) => finding));
    await run.each(noticed, async ({ record, finding }) => {
      const now = run.now();
      if (await run.records.write(next(record, { lastSeenAt: now, notifiedAt: now }))) findings.push(finding);
    });
  }
  findings.push(...(await expireSnapshots(run, records)));
  return findings;
}

/** A volume that fails is reported, and does not keep the others from their steps. */
async function attempt(run: RegionRun, { volume, record }: Subject): Promise<Finding[]> {
  try {
    const outcome = await advance(run, volume, record);
    return outcome === undefined ? [] : [findingOf(run, volume, ...outcome)];
  } catch (error) {
    return [findingOf(run, volume, 'failed', error instanceof Error ? error.name : String(error))];
  }
}

type Advanced = readonly [Outcome, string?] | undefined;

async function advance(run: RegionRun, volume: Volume, record: VolumeRecord | undefined): Promise<Advanced> {
  const { records, region } = run;
  const now = run.now();
  const decision = decide(volume, record, run.policy, now);
  if (decision.step === 'nothing') return undefined;
  if (decision.step === 'begin' || record === undefined) {
    const begun = { id: volume.id, region, stage: 'unattached', firstSeenAt: now, lastSeenAt: now } as const;
    await records.write({ ...begun, version: (record?.version ?? 0) + 1 });
    return undefined;
  }
  if (decision.step === 'keep') {
    await records.write(next(record, { stage: 'kept', reason: decision.reason }));
    return ['kept', decision.reason];
  }
  if (decision.step === 'snapshot') return beginSnapshot(run, volume, record);
  if (decision.step === 'delete') return finish(run, volume, record);
  await records.write(next(record, { lastSeenAt: now }));
  return decision.step === 'report' ? ['candidate'] : undefined;
}

async function beginSnapshot(run: RegionRun, volume: Volume, record: VolumeRecord): Promise<Advanced> {
  const now = run.now();
  if (!(await run.records.reserve(dayOf(now), 'snapshot', volume.gibibytes))) {
    await run.records.write(next(record, { lastSeenAt: now }));
    return ['over-cap'];
  }
  const claimed = next(record, { lastSeenAt: now, claimedAt: now });
  // The claim comes first: of two runs at once, one makes the snapshot.
  if (!(await run.records.write(claimed))) return undefined;
  return snapshotAgain(run, volume, claimed);
}

/** Makes the snapshot unless one is there: CreateSnapshot has no client token. */
async function snapshotAgain(run: RegionRun, volume: Volume, record: VolumeRecord): Promise<Advanced> {
  const found = await usableSnapshot(run, record);
  const snapshot = found ?? (await run.volumes.createSnapshot(volume, cleanupOf(record)));
  await run.records.write(next(record, { lastSeenAt: run.now(), snapshotId: snapshot.id }));
  return ['snapshotting', snapshot.id];
}

async function usableSnapshot(run: RegionRun, record: VolumeRecord): Promise<Snapshot | undefined> {
  const found = await run.volumes.findSnapshots(cleanupOf(record));
  return found.find(({ state, volumeId }) => state !== 'error' && volumeId === record.id);
}

/** Deletes the volume if its snapshot is complete and nothing has changed. */
async function finish(run: RegionRun, volume: Volume, record: VolumeRecord): Promise<Advanced> {
  const now = run.now();
  const snapshot = await usableSnapshot(run, record);
  if (snapshot === undefined) {
    const isListed = now - (record.claimedAt ?? now) >= listedWithin;
    if (record.snapshotId === undefined && !isListed) return ['snapshotting'];
    // It failed or was deleted, or its creator was killed: a new one, by a claim of its own.
    const { snapshotId: _, ...without } = record;
    const claimed = next(without, { lastSeenAt: now, claimedAt: now });
    if (!(await run.records.write(claimed))) return undefined;
    return snapshotAgain(run, volume, claimed);
  }
  if (snapshot.state !== 'completed') {
    await run.records.write(next(record, { lastSeenAt: now, snapshotId: snapshot.id }));
    return ['snapshotting', snapshot.id];
  }
  if (!(await run.records.reserve(dayOf(now), 'delete', volume.gibibytes))) {
    await run.records.write(next(record, { lastSeenAt: now }));
    return ['over-cap'];
  }
  const deleting = next(record, { stage: 'deleting', lastSeenAt: now, snapshotId: snapshot.id, volume });
  if (!(await run.records.write(deleting))) return undefined;
  return deleteVolume(run, deleting);
}

/** Asks EC2 once more, and deletes only what it would decide to delete again. */
async function deleteVolume(run: RegionRun, record: VolumeRecord): Promise<Advanced> {
  const { volumes, records, policy } = run;
  const current = await volumes.find(record.id);
  if (current === undefined) return endGone(run, record);
  const again = decide(current, record, policy, run.now());
  if (again.step !== 'delete') {
    const reason = again.step === 'keep' ? again.reason : again.step;
    await records.write(next(record, { stage: 'kept', reason }));
    return ['kept', reason];
  }
  const outcome = await volumes.delete(record.id);
  if (outcome === 'gone') return endGone(run, record);
  if (outcome === 'in-use') {
    await records.write(next(record, { stage: 'kept', reason: 'attached' }));
    return ['kept', 'attached'];
  }
  await records.write(next(record, { stage: 'deleted', deletedAt: run.now() }));
  return outcomeWith('deleted', record.snapshotId);
}

/** Ends the record of a volume that no list has. */
async function endUnseen(run: RegionRun, record: VolumeRecord): Promise<Finding[]> {
  if ((await run.volumes.find(record.id)) !== undefined) return [];
  const [outcome, detail] = await endGone(run, record);
  const unknown = { type: '', gibibytes: 0, tags: {} };
  return [findingOf(run, { id: record.id, ...(record.volume ?? unknown) }, outcome, detail)];
}

/** A volume that is gone after `deleting` was written counts as deleted: an earlier run did not live to write it. */
async function endGone(run: RegionRun, record: VolumeRecord): Promise<readonly [Outcome, string?]> {
  const isOurs = record.stage === 'deleting' && record.snapshotId !== undefined;
  await run.records.write(next(record, isOurs ? { stage: 'deleted', deletedAt: run.now() } : { stage: 'gone' }));
  return isOurs ? outcomeWith('deleted', record.snapshotId) : ['gone'];
}

function outcomeWith(outcome: Outcome, detail: string | undefined): readonly [Outcome, string?] {
  return detail === undefined ? [outcome] : [outcome, detail];
}

/** Deletes safety snapshots after their time, by the clock; those of open records stay. */
async function expireSnapshots(run: RegionRun, records: ReadonlyMap<string, VolumeRecord>): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const snapshot of run.volumes.listSnapshots()) {
    const record = records.get(snapshot.volumeId);
    const since = Math.max(snapshot.startedAt, record?.deletedAt ?? 0);
    if (isOpen(record) || run.now() - since < run.snapshotMilliseconds || !run.hasTimeLeft()) continue;
    if ((await run.volumes.deleteSnapshot(snapshot.id)) !== 'deleted') continue;
    const volume = { id: snapshot.volumeId, type: '', gibibytes: snapshot.gibibytes, tags: snapshot.tags };
    findings.push(findingOf(run, volume, 'snapshot-expired', snapshot.id));
  }
  return findings;
}

function findingOf(
  { region, ownerTag }: RegionRun,
  volume: Pick<Volume, 'id' | 'type' | 'gibibytes' | 'tags'>,
  outcome: Outcome,
  detail?: string,
): Finding {
  const owner = volume.tags[ownerTag] ?? 'none';
  const found = { region, id: volume.id, outcome, dollarsAMonth: dollarsAMonth(volume), owner };
  return detail === undefined ? found : { ...found, detail };
}

function next(record: VolumeRecord, change: Partial<VolumeRecord>): VolumeRecord {
  return { ...record, ...change, version: record.version + 1 };
}

/** Day in UTC. */
function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}
