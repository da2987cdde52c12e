import { faultsOf, type DatabaseWatch } from '../shared/faults/fault-injector';
import type { ScenarioRun } from '../shared/scenario';

/**
 * Counts connections at the proxy and at the server from now on.
 *
 * @returns function that ends the count, and asserts that enough environments shared the few connections of the proxy
 */
export async function watchConnections(run: ScenarioRun): Promise<() => Promise<DatabaseWatch>> {
  const stopWatching = await faultsOf(run).watchDatabase();
  return async () => {
    const watched = await stopWatching();
    const { most, limit, clients, samples } = watched;
    // A fast machine has five times as many; a slow one starts the next environment when the first is free again.
    run.assert(clients >= 2 * limit, 'twice as many environments were connected at once as connections', `${clients}`);
    run.assert(most <= limit, `the proxy never had more than its ${limit} connections`, `${most}`);
    run.metric('clients of the proxy at once', clients);
    run.metric('connections to the server at once', most, `of ${limit}`);
    run.metric('samples', samples);
    return watched;
  };
}
