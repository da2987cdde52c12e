/**
 * FulfilOrder against the plain way: one record after the other, with an idempotency library in front of a function that
 * fulfils an order. Both run as functions do, one batch at a time, against the DynamoDB of the local run's emulator.
 */
import { join } from 'node:path';
import { connectedEnvironment } from '../local/connection';
import { startEmulator } from '../local/emulator';
import { findPython, installEmulator } from '../local/python';
import { onLocalGround } from './measuring/local-ground';
import { forkedSamples } from './measuring/forked-samples';
import { versionOf } from './measuring/peers';
import { progress, runBench } from './measuring/run-bench';
import { medianOf, paragraphs, table } from './measuring/section';
import { batchSizes, contestants, tables, type Sample } from './queue-processor/sample';

const root = join(__dirname, '..', '..');
const library = '@aws-lambda-powertools/idempotency';

/** As the stack sets it, with its default settings. */
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
  const samples = await onLocalGround(root, async ({ workspace, children, temporaryFolder }) => {
    const python = await findPython(process.env['PYTHON']);
    const installed = await installEmulator(python, workspace, children, () => undefined);
    const { connection } = await startEmulator({ workspace, children, python: installed, temporaryFolder });
    return forkedSamples<Sample>(join(__dirname, 'queue-processor', 'measure.ts'), {
      arguments: [String(rounds), String(orders)],
      env: { ...connectedEnvironment(connection), ...functionEnvironment },
      onSample: (count) => progress(`${count} of ${rounds * batchSizes.length * contestants.length}`),
    });
  });
  return {
    body: paragraphs(
      `FulfilOrder against records one after the other with \`${library}\` in front of a function that writes the same items. ` +
        `${orders} orders a cell, medians of ${rounds} in turn, in one process, on the emulator's DynamoDB.`,
      table(
        ['messages in a batch', 'ours, orders/s', 'plain', 'ratio', 'calls an order, ours', 'plain'],
        batchSizes.map((batchSize) => rowOf(samples, batchSize)),
      ),
      'An order is one transaction, where the library takes two calls more: its lock before, its record after. The emulator ' +
        'answers one call at a time, so the five orders that we work on at once gain little here; on DynamoDB, where a call ' +
        "waits for the network, they gain more. The queue is left out: the emulator's own pace would hide the handlers'.",
    ),
    versions: { [library]: versionOf(root, library) },
  };
});

function rowOf(samples: readonly Sample[], batchSize: number): (string | number)[] {
  const of = (who: Sample['who'], figure: 'perSecond' | 'callsAnOrder'): number =>
    medianOf(
      samples.filter((sample) => sample.who === who && sample.batchSize === batchSize),
      (sample) => sample[figure],
    );
  const [ours, plain] = contestants;
  const [ourPace, plainPace] = [of(ours, 'perSecond'), of(plain, 'perSecond')];
  const calls = [of(ours, 'callsAnOrder'), of(plain, 'callsAnOrder')];
  return [String(batchSize), ourPace, plainPace, ourPace / plainPace, ...calls];
}
