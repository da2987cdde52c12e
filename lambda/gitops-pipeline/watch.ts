import type { State } from './run';
import { seconds } from './times';

export interface WatchedAlarm {
  readonly name: string;
  /** Time at which its state became ALARM; none in another state. */
  readonly raisedAt: Date | undefined;
}

/** Whether this look at the alarms is the first after the deployment: it needs those in any state. */
export function isFirstLook({ watchedUntil }: State): boolean {
  return watchedUntil === undefined;
}

/**
 * State after a look at the alarms: `watch` until the time is over, then `deployed`, or `alarm`.
 *
 * An alarm that was raised before the deployment says nothing about it, and must not keep its repair from being deployed.
 * A rollback is not watched: the alarm that caused it may take longer to end. Stacks without an alarm are not watched either.
 */
export function watched(state: State, alarms: readonly WatchedAlarm[], now: Date, watchSeconds: number): State {
  if (state.rollback === true) return { ...state, decision: 'deployed' };
  const { deployingSince = seconds(now), watchedUntil = seconds(now) + watchSeconds } = state;
  const pattern = alarmsOf(state.run.environment?.stacks ?? '');
  const own = alarms.filter(({ name }) => pattern.test(name));
  if (isFirstLook(state) && own.length === 0) return { ...state, decision: 'deployed' };
  const names = own
    .filter(({ raisedAt }) => raisedAt !== undefined && seconds(raisedAt) >= deployingSince)
    .map(({ name }) => name);
  if (names.length > 0) {
    const Cause = `raised after the deployment: ${names.slice(0, 10).join(', ')}`;
    return { ...state, decision: 'alarm', failure: { Error: 'AlarmRaised', Cause } };
  }
  return { ...state, watchedUntil, decision: seconds(now) >= watchedUntil ? 'deployed' : 'watch' };
}

/** Names that CloudFormation gives to alarms of these stacks: the stack's name, a hyphen, and more. */
function alarmsOf(stacks: string): RegExp {
  return new RegExp(`^${stacks.replaceAll('*', '.*')}-`);
}
