import type { AccountChange } from './account-change';

/**
 * Event about an account for other systems. It is delivered at least once and in any order: consumers deduplicate by `id` and
 * order by `version`.
 */
export interface DomainEvent {
  readonly type: 'AccountOpened' | 'BalanceChanged';
  readonly detail: {
    readonly id: string;
    readonly accountId: string;
    readonly version: number;
    readonly balance: string;
    readonly previousBalance?: string;
    readonly changedAt: string;
  };
}

/** Event of a change; the same for each delivery of it. */
export function eventOf(change: AccountChange): DomainEvent {
  const { accountId, version, balance, previousBalance, changedAt, kind } = change;
  const before = previousBalance === undefined ? {} : { previousBalance };
  return {
    type: kind === 'opened' ? 'AccountOpened' : 'BalanceChanged',
    detail: { id: `${accountId}/${version}`, accountId, version, balance, ...before, changedAt },
  };
}
