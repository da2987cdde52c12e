import type { Finding } from '../../../lambda/volume-cleanup/ports';
import { day, FakeRegion, runOver } from './fake-region';

/** Runs once a day. */
async function runDays(region: FakeRegion, days: number, options: Parameters<typeof runOver>[1] = {}) {
  const findings: Finding[] = [];
  for (let count = 0; count < days; count += 1) {
    findings.push(...(await runOver(region, options)));
    region.now += day;
  }
  return findings;
}

it('deletes a volume after 30 days, a notice, 7 days and a snapshot, and not a day earlier', async () => {
  const region = new FakeRegion();
  const start = region.now;
  region.add('vol-1', { tags: { owner: 'ann' } });
  const notices: Finding[] = [];
  await runDays(region, 60, { notices });
  expect(region.deletions.map(({ at }) => (at - start) / day)).toEqual([38]);
  expect(notices).toMatchObject([{ id: 'vol-1', owner: 'ann', dollarsAMonth: 0.8 }]);
  expect(region.snapshots.size).toBe(1);
  expect(region.records.get('vol-1')).toMatchObject({
    stage: 'deleted',
    volume: { id: 'vol-1', tags: { owner: 'ann' } },
  });
});

it('deletes nothing in a dry run, and counts no notice of it afterwards', async () => {
  const region = new FakeRegion();
  region.add('vol-1');
  const findings = await runDays(region, 60, { dryRun: true });
  expect(findings.some(({ outcome }) => outcome === 'candidate')).toBe(true);
  await runDays(region, 7);
  expect(region.deletions).toEqual([]);
});

it('begins anew for a volume that was attached, even at the moment of its deletion', async () => {
  const region = new FakeRegion();
  region.add('vol-1');
  region.before = (call) => {
    if (call === 'delete') region.add('vol-1', { isAttached: true, state: 'in-use' });
  };
  await runDays(region, 40);
  expect(region.deletions).toEqual([]);
  expect(region.records.get('vol-1')).toMatchObject({ stage: 'kept', reason: 'attached' });
  region.before = () => undefined;
  region.add('vol-1');
  const again = region.now;
  await runDays(region, 60);
  expect((region.deletions[0]?.at ?? 0) - again).toBeGreaterThanOrEqual(37 * day);
});

it('reads the state again before it deletes', async () => {
  const region = new FakeRegion();
  region.add('vol-1');
  region.before = (call) => {
    if (call === 'find') region.add('vol-1', { tags: { keep: '' } });
  };
  await runDays(region, 60);
  expect(region.deletions).toEqual([]);
});

it('makes no second snapshot while one is pending, and a new one after it has failed', async () => {
  const region = new FakeRegion();
  region.add('vol-1');
  region.snapshotState = 'pending';
  await runDays(region, 60);
  expect(region.snapshots.size).toBe(1);
  expect(region.deletions).toEqual([]);
  for (const [id, snapshot] of region.snapshots) region.snapshots.set(id, { ...snapshot, state: 'error' });
  region.snapshotState = 'completed';
  await runDays(region, 3);
  expect(region.snapshots.size).toBe(2);
  expect(region.deletions).toHaveLength(1);
});

it('keeps a volume of which three snapshots have failed, reports it once, and begins anew', async () => {
  const region = new FakeRegion();
  region.add('vol-1');
  region.snapshotState = 'error';
  const findings = await runDays(region, 60);
  expect(region.snapshots.size).toBe(3);
  expect(findings.filter(({ outcome }) => outcome === 'kept')).toMatchObject([{ detail: '3 snapshots of it failed' }]);
  expect(region.records.get('vol-1')?.stage).toBe('unattached');
  expect(region.deletions).toEqual([]);
});

it.each(['CustomerKeyHasBeenRevoked', 'InvalidKMSKey.InvalidState'])(
  'keeps a volume whose key is gone (%s), reports it once, and begins anew',
  async (name) => {
    const region = new FakeRegion();
    region.add('vol-1');
    region.before = (call) => {
      if (call === 'createSnapshot') throw Object.assign(new Error(), { name });
    };
    const findings = await runDays(region, 60);
    expect(findings.filter(({ outcome }) => outcome === 'kept' || outcome === 'failed')).toMatchObject([
      { outcome: 'kept', detail: `its key: ${name}` },
    ]);
    expect(region.records.get('vol-1')?.stage).toBe('unattached');
  },
);

it('ends the record of a volume that is gone, once', async () => {
  const region = new FakeRegion();
  region.add('vol-1');
  await runDays(region, 3);
  region.volumes.clear();
  expect(await runDays(region, 3)).toMatchObject([{ id: 'vol-1', outcome: 'gone' }]);
});

it('counts a deletion whose run did not live to record it', async () => {
  const region = new FakeRegion();
  region.add('vol-1');
  await runDays(region, 38);
  region.before = (call) => {
    if (call === 'write' && region.deletions.length > 0) throw new Error('killed');
  };
  await runDays(region, 1);
  region.before = () => undefined;
  expect(await runDays(region, 1)).toMatchObject([{ id: 'vol-1', outcome: 'deleted' }]);
  expect(region.records.get('vol-1')?.stage).toBe('deleted');
});

it('a volume that fails is reported, and the others go on', async () => {
  const region = new FakeRegion();
  region.add('vol-1');
  region.add('vol-2');
  region.before = (call, id) => {
    if (call === 'createSnapshot' && id === 'vol-1') throw new TypeError('denied');
  };
  const findings = await runDays(region, 60);
  expect(region.deletions.map(({ volume }) => volume.id)).toEqual(['vol-2']);
  expect(findings).toContainEqual(expect.objectContaining({ id: 'vol-1', outcome: 'failed', detail: 'TypeError' }));
});

it('begins no work without time', async () => {
  const region = new FakeRegion();
  region.add('vol-1');
  await runOver(region, { hasTimeLeft: false });
  expect(region.records.size).toBe(0);
});

it('deletes its snapshots 90 days after the volume, and not a day earlier', async () => {
  const region = new FakeRegion();
  region.add('vol-1');
  await runDays(region, 38 + 90);
  expect(region.snapshots.size).toBe(1);
  await runDays(region, 1);
  expect(region.snapshots.size).toBe(0);
});

it('keeps the snapshot of a deletion that is under way, however old it is', async () => {
  const region = new FakeRegion();
  region.add('vol-1');
  region.snapshotState = 'pending';
  await runDays(region, 40);
  for (const [id, snapshot] of region.snapshots) region.snapshots.set(id, { ...snapshot, startedAt: 0 });
  await runDays(region, 3);
  expect(region.snapshots.size).toBe(1);
  expect(region.records.get('vol-1')?.stage).toBe('unattached');
});

it('one of two runs at once makes the snapshot and deletes', async () => {
  const region = new FakeRegion();
  region.add('vol-1');
  await runDays(region, 37);
  for (let count = 0; count < 3; count += 1) {
    await Promise.all([runOver(region), runOver(region)]);
    region.now += day;
  }
  expect(region.snapshots.size).toBe(1);
  expect(region.deletions).toHaveLength(1);
});
