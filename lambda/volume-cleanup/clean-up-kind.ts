import { decide, type Decision, type Policy } from './decision';
import type { Advance, Finding, Kind, Outcome, Records, Removal } from './ports';
import { isOpen, next, type Line, type ResourceRecord } from './record';
import type { Resource } from './resource';

export interface CleanupRun {
  readonly region: string;
  readonly records: Records;
  readonly policy: Policy;
  /** Tag whose value is the owner, for subscribers that want only their own resources. */
  readonly ownerTag: string;
  readonly now: () => number;
  readonly hasTimeLeft: () => boolean;
  /** Tells people of resources that will be removed; a notice counts only once this has succeeded. */
  readonly notify: (findings: readonly Finding[]) => Promise<void>;
  readonly report: (finding: Finding) => void;
  /** Maps with bounded concurrency. */
  readonly each: <Item>(items: Iterable<Item>, act: (item: Item) => Promise<void>) => Promise<void>;
}

/** One run over a kind in a region: each resource goes at most one step on, and a later run goes on from there. */
export async function cleanUpKind<Item extends Resource>(
  run: CleanupRun,
  kind: Kind<Item>,
  records: ReadonlyMap<string, ResourceRecord>,
): Promise<void> {
  const unseen = new Map([...records].filter(([id, record]) => id.startsWith(kind.prefix) && isOpen(record)));
  const items: Item[] = [];
  for await (const item of kind.list()) {
    unseen.delete(item.id);
    items.push(item);
  }
  const noticed: { readonly finding: Finding; readonly record: ResourceRecord }[] = [];
  await run.each(items, async (item) => {
    if (!run.hasTimeLeft()) return;
    const record = records.get(item.id);
    const line = lineOf(run, kind, item);
    const decision = decideOn(run, kind, item, record);
    if (decision.step === 'notify' && record !== undefined) {
      noticed.push({ finding: findingOf(record, 'notified', line), record });
    } else await report(run, item.id, line, () => advance(run, kind, item, record, decision));
  });
  await run.each(unseen.values(), async (record) => {
    if (!run.hasTimeLeft()) return;
    const line = record.line ?? { dollarsAMonth: 0, owner: 'none' };
    await report(run, record.id, line, () => endUnseen(run, kind.removal, record));
  });
  if (noticed.length === 0) return;
  await run.notify(noticed.map(({ finding }) => finding));
  await run.each(noticed, async ({ record, finding }) => {
    const now = run.now();
    if (await run.records.write(next(record, { lastSeenAt: now, notifiedAt: now }))) run.report(finding);
  });
}

function decideOn<Item extends Resource>(
  { policy, now }: CleanupRun,
  kind: Kind<Item>,
  item: Item,
  record: ResourceRecord | undefined,
): Decision {
  const dryRun = policy.dryRun || kind.removal === undefined;
  return decide({ usage: kind.usageOf(item), tags: item.tags }, record, { ...policy, dryRun }, now());
}

/** Reports a step's outcome. A resource that fails does not keep the others from their steps. */
async function report(run: CleanupRun, id: string, line: Line, step: () => Promise<Advance>): Promise<void> {
  const subject = { id, region: run.region };
  try {
    const advanced = await step();
    if (advanced !== undefined) run.report(findingOf(subject, advanced[0], line, advanced[1]));
  } catch (error) {
    run.report(findingOf(subject, 'failed', line, error instanceof Error ? error.name : String(error)));
  }
}

async function advance<Item extends Resource>(
  run: CleanupRun,
  kind: Kind<Item>,
  item: Item,
  record: ResourceRecord | undefined,
  decision: Decision,
): Promise<Advance> {
  const { records, region } = run;
  const now = run.now();
  if (decision.step === 'nothing') return undefined;
  if (decision.step === 'begin' || record === undefined) {
    const begun = { id: item.id, region, stage: 'unattached', firstSeenAt: now, lastSeenAt: now } as const;
    await records.write({ ...begun, version: (record?.version ?? 0) + 1 });
    return undefined;
  }
  if (decision.step === 'keep') {
    await records.write(next(record, { stage: 'kept', reason: decision.reason }));
    return ['kept', decision.reason];
  }
  if (decision.step === 'remove' && kind.removal !== undefined) return remove(run, kind, kind.removal, item, record);
  await records.write(next(record, { lastSeenAt: now }));
  return decision.step === 'report' ? ['candidate'] : undefined;
}

/** Removes an item once its removal is prepared, within the day's budget. */
async function remove<Item extends Resource>(
  run: CleanupRun,
  kind: Kind<Item>,
  removal: Removal<Item>,
  item: Item,
  record: ResourceRecord,
): Promise<Advance> {
  const prepared =
    (await removal.prepare?.(item, record)) ?? (removal.prepare === undefined ? { ready: {} } : undefined);
  if (prepared === undefined || !('ready' in prepared)) return prepared;
  const now = run.now();
  const step = removal.outcome === 'deleted' ? 'delete' : 'release';
  if (!(await run.records.reserve(dayOf(now), step, removal.gibibytesOf(item)))) {
    await run.records.write(next(record, { lastSeenAt: now }));
    return ['over-cap'];
  }
  const line = lineOf(run, kind, item);
  const deleting = next(record, { stage: 'deleting', lastSeenAt: now, ...prepared.ready, line });
  if (!(await run.records.write(deleting))) return undefined;
  return removeChecked(run, kind, removal, deleting);
}

/** Asks EC2 once more, and removes only what it would decide to remove again. */
async function removeChecked<Item extends Resource>(
  run: CleanupRun,
  kind: Kind<Item>,
  removal: Removal<Item>,
  record: ResourceRecord,
): Promise<Advance> {
  const current = await removal.find(record.id);
  if (current === undefined) return endGone(run, removal, record);
  const again = decideOn(run, kind, current, record);
  if (again.step !== 'remove') return keep(run, record, again.step === 'keep' ? again.reason : again.step);
  const removed = await removal.remove(current);
  if (removed === 'gone') return endGone(run, removal, record);
  if (removed === 'in-use') return keep(run, record, 'attached');
  await run.records.write(next(record, { stage: 'deleted', deletedAt: run.now() }));
  return endOf(removal, record);
}

/** Ends a record; the next run that sees the resource unused begins anew. */
export async function keep(run: Pick<CleanupRun, 'records'>, record: ResourceRecord, reason: string): Promise<Advance> {
  await run.records.write(next(record, { stage: 'kept', reason }));
  return ['kept', reason];
}

/** Ends the record of a resource that no list has. A kind that is only reported needs no second look. */
async function endUnseen<Item extends Resource>(
  run: CleanupRun,
  removal: Removal<Item> | undefined,
  record: ResourceRecord,
): Promise<Advance> {
  if ((await removal?.find(record.id)) !== undefined) return undefined;
  return endGone(run, removal, record);
}

/** A resource that is gone after `deleting` was written counts as deleted: an earlier run did not live to write it. */
async function endGone<Item extends Resource>(
  run: CleanupRun,
  removal: Removal<Item> | undefined,
  record: ResourceRecord,
): Promise<Advance> {
  const isOurs = record.stage === 'deleting' && removal !== undefined;
  await run.records.write(next(record, isOurs ? { stage: 'deleted', deletedAt: run.now() } : { stage: 'gone' }));
  return isOurs ? endOf(removal, record) : ['gone'];
}

function endOf<Item extends Resource>({ outcome }: Removal<Item>, { snapshotId }: ResourceRecord): Advance {
  return snapshotId === undefined ? [outcome] : [outcome, snapshotId];
}

function lineOf<Item extends Resource>({ ownerTag }: CleanupRun, kind: Kind<Item>, item: Item): Line {
  const line = { dollarsAMonth: kind.dollarsAMonth(item), owner: item.tags[ownerTag] ?? 'none' };
  const detail = kind.detailOf?.(item);
  return detail === undefined ? line : { ...line, detail };
}

/** @param detail takes the place of the line's */
export function findingOf(
  { id, region }: Pick<Finding, 'id' | 'region'>,
  outcome: Outcome,
  line: Line,
  detail?: string,
): Finding {
  const { dollarsAMonth, owner } = line;
  const said = [line.detail, detail].filter((text) => text !== undefined).join('  ');
  return { region, id, outcome, dollarsAMonth, owner, ...(said === '' ? {} : { detail: said }) };
}

/** Day in UTC. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}
