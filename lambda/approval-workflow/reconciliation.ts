import { isFinal, type RequestRecord } from './request-record';

/** Machine of this stack that is billed: pending, running, stopping or stopped. */
export interface Machine {
  readonly instanceId: string;
  readonly requestId: string;
  readonly launchedAt: Date;
}

export interface Differences {
  readonly machinesWithoutRequest: readonly Machine[];
  readonly requestsWithoutMachine: readonly RequestRecord[];
  /** Their end is past, and they run. */
  readonly overdue: readonly RequestRecord[];
  /** Nothing has happened for longer than any step takes. */
  readonly stuck: readonly RequestRecord[];
}

const minute = 60_000;
const hour = 60 * minute;

/** Differences between requests and machines, past the time in which each is ordinary. */
export function reconcile(
  records: readonly RequestRecord[],
  machines: readonly Machine[],
  { now, approvalSeconds }: { readonly now: Date; readonly approvalSeconds: number },
): Differences {
  const age = (text: string | Date): number => now.getTime() - new Date(text).getTime();
  const requests = new Map(records.map((record) => [record.requestId, record]));
  const owned = (machine: Machine): boolean => {
    const record = requests.get(machine.requestId);
    if (record === undefined || isFinal(record)) return false;
    return record.instanceId === undefined || record.instanceId === machine.instanceId;
  };
  const alive = new Set(machines.map(({ instanceId }) => instanceId));
  const running = records.filter(({ status }) => status === 'running');
  return {
    machinesWithoutRequest: machines.filter((machine) => !owned(machine) && age(machine.launchedAt) > 15 * minute),
    requestsWithoutMachine: running.filter(
      ({ instanceId = '', changedAt }) => !alive.has(instanceId) && age(changedAt) > 15 * minute,
    ),
    overdue: running.filter(({ endsAt }) => age(endsAt) > hour),
    stuck: records.filter((record) => {
      if (isFinal(record) || record.status === 'running') return false;
      // Throttling is retried for four hours.
      const expected = record.status === 'awaiting-approval' ? approvalSeconds * 1_000 + hour : 5 * hour;
      return age(record.changedAt) > expected;
    }),
  };
}
