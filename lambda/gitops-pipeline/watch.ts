import type { State } from './run';
import { seconds } from './times';

export interface RaisedAlarm {
  readonly name: string;
  /** Time at which its state became ALARM. */
  readonly since: Date;
}

/**
 * State after a look at the alarms: `watch` until the time is over, then `deployed`, or `alarm`.
 *
 * An alarm that was raised before the deployment says nothing about it, and must not keep its repair from being deployed.
 * A rollback is not watched: the alarm that caused it may take longer to end.
 */
export function watched(state: State, raised: readonly RaisedAlarm[], now: Date, watchSeconds: number): State {
  if (state.rollback === true) return { ...state, decision: 'deployed' };
  const { deployingSince = seconds(now), watchedUntil = seconds(now) + watchSeconds } = state;
  const pattern = alarmsOf(state.run.environment?.stacks ?? '');
  const names = raised
    .filter(({ name, since }) => pattern.test(name) && seconds(since) >= deployingSince)
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
