import { reconcile, type Machine } from '../../../lambda/approval-workflow/reconciliation';
import { now, record } from './sample-request';

const running = { ...record, status: 'running' as const, instanceId: 'i-1' };
const machine: Machine = {
  instanceId: 'i-1',
  requestId: record.requestId,
  launchedAt: new Date('2026-11-27T09:00:00Z'),
};
const find = (records: Parameters<typeof reconcile>[0], machines: readonly Machine[]) => {
  const found = reconcile(records, machines, { now, approvalSeconds: 3_600 });
  return Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0));
};

it('a running request with its machine is in order', () => {
  expect(find([running], [machine])).toEqual({});
});

it.each([
  ['no request', []],
  ['an ended request', [{ ...running, status: 'ended' as const }]],
  ['a request with another machine', [{ ...running, instanceId: 'i-2' }]],
])('a machine of %s is found', (_, records) => {
  expect(find(records, [machine])).toMatchObject({ machinesWithoutRequest: [machine] });
});

it('a machine of the last minutes may not be recorded yet', () => {
  expect(find([], [{ ...machine, launchedAt: new Date('2026-11-27T09:50:00Z') }])).toEqual({});
});

it('a running request without its machine is found', () => {
  expect(find([running], [])).toEqual({ requestsWithoutMachine: [running] });
});

it('a machine that runs an hour past its end is overdue', () => {
  const late = { ...running, endsAt: '2026-11-27T08:59:59Z' };
  expect(find([late], [machine])).toEqual({ overdue: [late] });
});

it('an open approval is stuck after its time, another step after the time of its retries', () => {
  const old = { ...record, changedAt: '2026-11-27T07:59:00.000Z' };
  expect(find([old], [])).toEqual({ stuck: [old] });
  const ending = { ...record, status: 'ending' as const, changedAt: '2026-11-27T05:01:00.000Z' };
  expect(find([ending], [])).toEqual({});
  const stuck = { ...ending, changedAt: '2026-11-27T04:59:00.000Z' };
  expect(find([stuck], [])).toEqual({ stuck: [stuck] });
});
