import type { Finding, Kind } from '../../../lambda/volume-cleanup/ports';
import type { Resource } from '../../../lambda/volume-cleanup/resource';
import { day, FakeRegion, runOver, type RunOptions } from './fake-region';

const id = 'eipalloc-1';
const free = { id, tags: { owner: 'ann' }, isAssociated: false };

async function runDays(region: FakeRegion, days: number, options: RunOptions = {}): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (let count = 0; count < days; count += 1) {
    findings.push(...(await runOver(region, options)));
    region.now += day;
  }
  return findings;
}

it('releases an address after 30 days, a notice and 7 days, and not a day earlier', async () => {
  const region = new FakeRegion();
  const start = region.now;
  region.addresses.set(id, free);
  const notices: Finding[] = [];
  const findings = await runDays(region, 60, { notices });
  expect(region.releases.map(({ at }) => (at - start) / day)).toEqual([37]);
  expect(notices).toMatchObject([{ id, owner: 'ann', dollarsAMonth: 3.65, detail: '203.0.113.7' }]);
  expect(findings).toContainEqual(expect.objectContaining({ id, outcome: 'released', dollarsAMonth: 3.65 }));
  expect(region.records.get(id)?.stage).toBe('deleted');
});

it('reads an address again before its release, which EC2 would not refuse', async () => {
  const region = new FakeRegion();
  region.addresses.set(id, free);
  region.before = (call) => {
    if (call === 'findAddress') region.addresses.set(id, { ...free, isAssociated: true });
  };
  await runDays(region, 60);
  expect(region.releases).toEqual([]);
  expect(region.records.get(id)).toMatchObject({ stage: 'kept', reason: 'associated' });
});

it('releases nothing in a dry run, nor beyond the cap of a day', async () => {
  const region = new FakeRegion();
  region.addresses.set(id, free);
  await runDays(region, 60, { dryRun: true });
  expect(region.releases).toEqual([]);
  region.caps.volumes = 0;
  const findings = await runDays(region, 60);
  expect(region.releases).toEqual([]);
  expect(findings.some(({ outcome }) => outcome === 'over-cap')).toBe(true);
});

it('counts a release whose run did not live to record it, with its price', async () => {
  const region = new FakeRegion();
  region.addresses.set(id, free);
  await runDays(region, 37);
  region.before = (call) => {
    if (call === 'write' && region.releases.length > 0) throw new Error('killed');
  };
  await runDays(region, 1);
  region.before = () => undefined;
  expect(await runDays(region, 1)).toMatchObject([{ id, outcome: 'released', dollarsAMonth: 3.65, owner: 'ann' }]);
});

/** Kind without a removal. */
function reportedKind(items: readonly (Resource & { readonly usage?: string })[]): Kind<Resource & { usage?: string }> {
  return { prefix: 'i-', list: () => items, usageOf: ({ usage }) => usage, dollarsAMonth: () => 8 };
}

it('only reports a kind without a removal, from the minimum age on, and never announces it', async () => {
  const region = new FakeRegion();
  const notices: Finding[] = [];
  const stopped = { id: 'i-1', tags: {} };
  const running = { id: 'i-2', tags: {}, usage: 'state running' };
  const otherKinds = [reportedKind([stopped, running])];
  expect(await runDays(region, 30, { otherKinds, notices })).toEqual([]);
  expect(await runDays(region, 2, { otherKinds, notices })).toMatchObject([
    { id: 'i-1', outcome: 'candidate', dollarsAMonth: 8 },
    { id: 'i-1', outcome: 'candidate' },
  ]);
  const started = [reportedKind([{ ...stopped, usage: 'state running' }, running])];
  expect(await runDays(region, 1, { otherKinds: started })).toMatchObject([{ id: 'i-1', outcome: 'kept' }]);
  expect(await runDays(region, 1, { otherKinds: started })).toEqual([]);
  expect(notices).toEqual([]);
});

it('a kind that cannot be read does not keep the others from their turn', async () => {
  const region = new FakeRegion();
  region.add('vol-1');
  region.addresses.set(id, free);
  region.before = (call) => {
    if (call === 'listAddresses') throw new TypeError('denied');
  };
  const failed: string[] = [];
  await runDays(region, 39, { failed });
  expect(region.deletions).toHaveLength(1);
  expect(failed).toHaveLength(39);
  expect(failed[0]).toBe('us-east-1 eipalloc-: TypeError');
});

it('2,500 volumes are seen, announced and deleted, as many a day as the caps allow', async () => {
  const region = new FakeRegion();
  for (let count = 0; count < 2_500; count += 1) region.add(`vol-${count}`);
  region.caps.volumes = 1_000;
  const notices: Finding[] = [];
  await runOver(region);
  for (const [name, record] of region.records)
    region.records.set(name, { ...record, firstSeenAt: record.firstSeenAt - 29 * day });
  region.now += day;
  await runOver(region, { notices });
  expect(notices).toHaveLength(2_500);
  for (const [name, record] of region.records)
    region.records.set(name, { ...record, notifiedAt: (record.notifiedAt ?? 0) - 7 * day });
  const ofDays: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    region.now += day;
    const before = region.deletions.length;
    await runOver(region);
    ofDays.push(region.deletions.length - before);
  }
  expect(ofDays).toEqual([0, 1_000, 1_000, 500, 0]);
});
