/**
 * FulfilOrder against the plain way: one record after the other, with an idempotency library in front of a function that
 * fulfils an order. Both run as functions do, one batch at a time, against the DynamoDB of the local run's emulator.
 *
 * Prints orders per second at three batch sizes, and the calls that an order takes; `bench/README.md` has the figures of
 * one machine. Takes about a minute.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCertificate } from '../local/certificate';
import { ChildProcesses } from '../local/child-processes';
import { connectedEnvironment } from '../local/connection';
import { startEmulator } from '../local/emulator';
import { findPython, installEmulator } from '../local/python';
import { workspaceOf, type Workspace } from '../local/workspace';
import { batchSizes, contestants, tables, type Sample } from './queue-processor/sample';

const rounds = 3;

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

async function main(): Promise<void> {
  const local = workspaceOf(join(__dirname, '..'));
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'bench-'));
  const workspace: Workspace = { ...local, log: (part) => join(local.folder, `bench-${part}.log`) };
  const children = new ChildProcesses(`bench-${process.pid}`, () => undefined);
  try {
    const python = await findPython(process.env['PYTHON']);
    const installed = await installEmulator(python, workspace, children, () => undefined);
    ensureCertificate({ certificate: workspace.certificate, key: workspace.certificateKey }, new Date());
    const { connection } = await startEmulator({ workspace, children, python: installed, temporaryFolder });
    print(await measure(connectedEnvironment(connection)));
  } finally {
    await children.endAll();
    rmSync(temporaryFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** In a process of its own: Node reads the certificate that it has to trust when it starts. */
function measure(environment: NodeJS.ProcessEnv): Promise<Sample[]> {
  const samples: Sample[] = [];
  const file = join(__dirname, 'queue-processor', 'measure.ts');
  // What functions log is part of their work, and of no interest here.
  const env = { ...environment, ...functionEnvironment };
  const child = fork(file, [String(rounds)], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.on('message', (sample) => {
    samples.push(sample as Sample);
    process.stderr.write('.');
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      process.stderr.write('\n');
      if (code === 0) resolve(samples);
      else reject(new Error(`the measurement ended with exit code ${code}: see above`));
    });
  });
}

function print(samples: readonly Sample[]): void {
  console.log(`orders per second, medians of ${rounds} rounds in turn, ${cpus().length} processors`);
  const table = batchSizes.map((batchSize) => {
    const of = (who: Sample['who'], figure: 'perSecond' | 'callsAnOrder'): number => {
      const own = samples.filter((sample) => sample.who === who && sample.batchSize === batchSize);
      const sorted = own.map((sample) => sample[figure]).sort((one, other) => one - other);
      return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    };
    const [ours, plain] = contestants;
    return {
      'batch size': batchSize,
      ours: Math.round(of(ours, 'perSecond')),
      plain: Math.round(of(plain, 'perSecond')),
      ratio: Number((of(ours, 'perSecond') / of(plain, 'perSecond')).toFixed(2)),
      'calls an order, ours': of(ours, 'callsAnOrder'),
      'calls an order, plain': of(plain, 'callsAnOrder'),
    };
  });
  console.table(table);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
