/**
 * FulfilOrder against a sequential handler with an idempotency library. Both process one batch at a time, against the
 * emulator's DynamoDB.
 */
import { join } from 'node:path';
import { connectedEnvironment } from '../local/connection';
import { startEmulator } from '../local/emulator';
import { findPython, installEmulator } from '../local/python';
import { withLocalWorkspace } from './measuring/local-workspace';
import { forkedSamples } from './measuring/forked-samples';
import { versionOf } from './measuring/peers';
import { progress, runBench } from './measuring/run-bench';
import { medianOf, paragraphs, table } from './measuring/section';
import { batchSizes, contestants, tables, type Sample } from './queue-processor/sample';

const root = join(__dirname, '..', '..');
const library = '@aws-lambda-powertools/idempotency';

/** Environment of the stack with default settings. */
const functionEnvironment = {
  ORDERS_QUEUE_URL: 'https://127.0.0.1/unused',
  FULFILMENTS_TABLE_NAME: tables.fulfilments,
  STOCK_TABLE_NAME: tables.stock,
  FAILURE_REASONS_TABLE_NAME: tables.reasons,
  PAYLOAD_BUCKET_NAME: 'unused',
  MAXIMUM_RECEIVES: '5',
  BACKOFF_BASE_SECONDS: '5',
  BACKOFF_CAP_SECONDS: '300',
  SAFETY_MARGIN_MILLISECONDS: '3000',
  POWERTOOLS_SERVICE_NAME: 'queue-processor',
  POWERTOOLS_METRICS_NAMESPACE: 'Bench',
};

void runBench(async ({ quick }) => {
  const [rounds, orders] = quick ? [1, 100] : [3, 200];
  const samples = await withLocalWorkspace(root, async ({ workspace, children, temporaryFolder }) => {
    const python = await findPython(process.env['PYTHON']);
    const installed = await installEmulator(python, workspace, children, () => undefined);
    const { connection } = await startEmulator({ workspace, children, python: installed, temporaryFolder });
    const env = { ...connectedEnvironment(connection), ...functionEnvironment };
    return forkedSamples<Sample>(join(__dirname, 'queue-processor', 'measure.ts'), {
      arguments: [String(rounds), String(orders)],
      env,
      onSample: (count) => progress(`${count} of ${rounds * batchSizes.length * contestants.length}`),
    });
  });
  return {
    body: paragraphs(
      `FulfilOrder against a handler that processes records one after the other with \`${library}\` and writes the same items. ` +
        `${orders} orders for each figure, medians of ${rounds} alternating rounds, in one process, on the emulator's DynamoDB.`,
      table(
        ['batch size', 'ours, orders/s', 'library', 'ratio', 'calls per order, ours', 'library'],
        batchSizes.map((batchSize) => rowOf(samples, batchSize)),
      ),
      'An order is one transaction; the library adds two calls, for its lock and its record. The emulator serves one call ' +
        'at a time, so processing five orders at once gains little here; on DynamoDB, where a call waits for the network, ' +
        "it gains more. The queue is not part of it: the emulator's speed would hide the difference.",
    ),
    versions: { [library]: versionOf(root, library) },
  };
});

function rowOf(samples: readonly Sample[], batchSize: number): (string | number)[] {
  const of = (who: Sample['who'], figure: 'perSecond' | 'callsPerOrder'): number =>
    medianOf(
      samples.filter((sample) => sample.who === who && sample.batchSize === batchSize),
      (sample) => sample[figure],
    );
  const [ours, peer] = contestants;
  const [ourPace, peerPace] = [of(ours, 'perSecond'), of(peer, 'perSecond')];
  const calls = [of(ours, 'callsPerOrder'), of(peer, 'callsPerOrder')];
  return [String(batchSize), ourPace, peerPace, ourPace / peerPace, ...calls];
}
