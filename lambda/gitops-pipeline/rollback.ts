import type { Artifact, State } from './run';

/** State after a failed deployment: the last good artifact in a new round, once, or nothing to go back to. */
export function rollbackOf(state: State, environment: { readonly good?: Artifact }): State {
  const { good } = environment;
  if (state.rollback === true) return giveUp(state, 'the rollback failed as well');
  if (good === undefined) return giveUp(state, 'no artifact was tested good in this environment before');
  if (good.digest === state.artifact?.digest) return giveUp(state, 'the failed artifact is the last good one');
  return { ...state, artifact: good, rollback: true, round: state.round + 1, decision: 'roll back' };
}

/** State in which a failed deployment stays as it is, with the reason for people. */
export function giveUp(state: State, notRolledBack: string): State {
  return { ...state, decision: 'give up', notRolledBack };
}
