import pMap from 'p-map';
import { mostRecords } from '../../lambda/database-access/request';
import { faultsOf } from '../shared/faults/fault-injector';
import type { Check } from '../shared/scenario';
import { Deployment, sendWithRetry } from './deployment';
import { inBatches, makeRecords } from './sent-records';

/** More than the expected environments, since a caller between two calls occupies none. */
const callers = 75;

export const fullBatchesProof = (batches: number, environments: number): Check => ({
  name: 'full-batches',
  title: 'ingests full batches from dozens of environments without pinning a connection of the proxy',
  // Counts connections at the server, which no other check may use meanwhile.
  needs: 'faults',
  alone: true,
  async run(run) {
    const faults = faultsOf(run);
    const deployment = await Deployment.read(run);
    const records = makeRecords(run, batches * mostRecords, 20, 'full');
    const stopWatching = await faults.watchDatabase();
    const answers = await run.step(`${batches} batches of ${mostRecords} records, ${callers} at a time`, () =>
      pMap(inBatches(records, mostRecords), (batch) => sendWithRetry(() => deployment.ingest(batch)), {
        concurrency: callers,
      }),
    );
    const { most, limit, clients, pinned, samples } = await stopWatching();

    // A batch whose answer was lost is sent again and counts as duplicates.
    const stored = answers.reduce((sum, { inserted, duplicates }) => sum + inserted + duplicates, 0);
    run.assertEqual(stored, records.length, 'records stored');
    run.assertEqual(pinned, 0, 'clients that pinned a connection');
    run.assert(clients >= environments, `${environments} environments were connected at once`, `${clients}`);
    run.assert(most <= limit, `the proxy never had more than its ${limit} connections`, `${most}`);
    run.metric('clients of the proxy at once', clients);
    run.metric('connections to the server at once', most, `of ${limit}`);
    run.metric('samples', samples);
  },
});
