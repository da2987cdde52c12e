import pMap from 'p-map';
import { mostRecords } from '../../lambda/database-access/request';
import type { Check } from '../shared/scenario';
import { Deployment, sendWithRetry } from './deployment';
import { watchConnections } from './proxy-connections';
import { inBatches, makeRecords } from './sent-records';

/** More than the expected environments, since a caller between two calls occupies none. */
const callers = 75;

export const fullBatchesProof = (batches: number): Check => ({
  name: 'full-batches',
  title: 'ingests full batches from dozens of environments without pinning a connection of the proxy',
  // Counts connections at the server, which no other check may use meanwhile.
  needs: 'faults',
  alone: true,
  async run(run) {
    const deployment = await Deployment.read(run);
    const records = makeRecords(run, batches * mostRecords, 20, 'full');
    const assertConnections = await watchConnections(run);
    const answers = await run.step(`${batches} batches of ${mostRecords} records, ${callers} at a time`, () =>
      pMap(inBatches(records, mostRecords), (batch) => sendWithRetry(() => deployment.ingest(batch)), {
        concurrency: callers,
      }),
    );
    const { pinned } = await assertConnections();

    // A batch whose answer was lost is sent again and counts as duplicates.
    const stored = answers.reduce((sum, { inserted, duplicates }) => sum + inserted + duplicates, 0);
    run.assertEqual(stored, records.length, 'records stored');
    run.assertEqual(pinned, 0, 'clients that pinned a connection');
  },
});
