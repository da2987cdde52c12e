import type { Artifact, State } from './run';

/** State after a failed deployment: the last good artifact in a new round, once, or nothing to go back to. */
export function rollbackOf(state: State, environment: { readonly good?: Artifact }): State {
  const { good } = environment;
  if (state.rollback === true || good === undefined || good.digest === state.artifact?.digest) {
    return { ...state, decision: 'give up' };
  }
  return { ...state, artifact: good, rollback: true, round: state.round + 1, decision: 'roll back' };
}
