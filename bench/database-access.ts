/**
 * DataProcessor's way to the database, a connection that is kept and shared by the proxy, against connecting to the database
 * in each invocation. Both ingest one record a call into the PostgreSQL of the local run, in one process, on one core.
 *
 * Prints latencies and the connections that the server counted at 1, 10 and 50 concurrent callers; `bench/README.md` has
 * the figures of one machine. Takes half a minute.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownerUser, databaseName } from '../lambda/database-access/engine';
import { ensureCertificate } from '../local/certificate';
import { ChildProcesses } from '../local/child-processes';
import { connectedEnvironment, connectionVariables } from '../local/connection';
import { startDatabase } from '../local/database/local-database';
import { workspaceOf, type Workspace } from '../local/workspace';
import type { Sample } from './database-access/sample';

async function main(): Promise<void> {
  const local = workspaceOf(join(__dirname, '..'));
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'bench-'));
  const workspace: Workspace = { ...local, log: (part) => join(local.folder, `bench-${part}.log`) };
  const children = new ChildProcesses(`bench-${process.pid}`, () => undefined);
  try {
    ensureCertificate({ certificate: workspace.certificate, key: workspace.certificateKey }, new Date());
    const wanted = {
      engine: 'postgres',
      owner: ownerUser,
      database: databaseName,
      maxConnections: 60,
      mostConnections: 10,
      borrowMilliseconds: 5_000,
    } as const;
    // Tokens are of the root key, which the door asks no emulator about.
    const endpoint = 'https://127.0.0.1:1';
    const database = await startDatabase(wanted, { workspace, children, temporaryFolder, endpoint });
    print(
      await measure({
        ...connectedEnvironment(connectionVariables(endpoint, workspace.certificate)),
        BENCH_PROXY_PORT: String(database.port),
        BENCH_SERVER_PORT: String(database.serverPort),
        BENCH_CONTROL: database.control,
        BENCH_OWNER_PASSWORD: database.ownerPassword,
      }),
    );
  } finally {
    await children.endAll();
    rmSync(temporaryFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** In a process of its own: Node reads the certificate that it has to trust when it starts. */
function measure(env: NodeJS.ProcessEnv): Promise<Sample[]> {
  const samples: Sample[] = [];
  const child = fork(join(__dirname, 'database-access', 'measure.ts'), { env });
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
  console.log(`milliseconds a call, ${cpus().length} processors`);
  console.table(
    samples.map(({ who, callers, milliseconds, connections, failed }) => {
      const sorted = [...milliseconds].sort((one, other) => one - other);
      const quantile = (share: number): number => Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1));
      return {
        callers,
        who,
        p50: quantile(0.5),
        p99: quantile(0.99),
        'connections to the server': connections,
        failed,
      };
    }),
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
