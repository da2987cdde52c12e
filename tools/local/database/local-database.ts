import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildProcesses, RunningCommand } from '../child-processes';
import { endGroup } from '../process-cleanup';
import { tailOf } from '../log-file';
import { freePort } from '../ports';
import type { Workspace } from '../workspace';
import { readinessFile, readinessSchema, type ProcessOptions } from './database-process';
import type { RequiredDatabase } from './required-database';

const startWithinSeconds = 120;

/** Id of the stand-in for RDS Proxy in ARNs and policies. */
export const localProxyId = 'prx-local';

export interface DatabaseEnvironment {
  readonly workspace: Workspace;
  readonly children: ChildProcesses;
  readonly temporaryFolder: string;
  /** Endpoint of the emulator. */
  readonly endpoint: string;
}

export interface LocalDatabase {
  /** Port of the proxy, which functions connect to. */
  readonly port: number;
  /** Port of the server behind the proxy. */
  readonly serverPort: number;
  readonly owner: string;
  readonly ownerPassword: string;
  readonly required: RequiredDatabase;
  /** URL of `database-control.ts`. */
  readonly control: string;
  stop(): Promise<void>;
}

/** Starts a database in a process of its own, which outlives this one with `--keep`. */
export async function startDatabase(
  required: RequiredDatabase,
  environment: DatabaseEnvironment,
): Promise<LocalDatabase> {
  const { workspace, children, temporaryFolder, endpoint } = environment;
  const [proxyPort, serverPort] = [await freePort(), await freePort()];
  const folder = join(temporaryFolder, `database-${serverPort}`);
  const log = workspace.log(`database-${required.engine}`);
  const ownerPassword = randomBytes(24).toString('hex');
  const options: ProcessOptions = {
    ...required,
    ...{ proxyPort, serverPort, folder, endpoint, ownerPassword },
    log: workspace.log(`database-${required.engine}-server`),
    certificate: workspace.certificate,
    key: workspace.certificateKey,
    credentialsFolder: workspace.callers,
    proxyId: localProxyId,
  };
  const file = `${folder}.json`;
  writeFileSync(file, JSON.stringify(options), { mode: 0o600 });
  const running = children.start({
    what: 'database',
    file: process.execPath,
    arguments: ['--import', 'tsx', join('tools', 'local', 'database', 'serve.ts'), file],
    folder: workspace.root,
    environment: process.env,
    log,
  });
  const { control } = await waitUntilReady(folder, running, log);
  const { owner } = required;
  return {
    port: proxyPort,
    serverPort,
    owner,
    ownerPassword,
    required,
    control,
    stop: () => endGroup(running.identity, 5_000),
  };
}

async function waitUntilReady(folder: string, running: RunningCommand, log: string) {
  const end = new AbortController();
  void running.ended.then(() => end.abort());
  const file = readinessFile(folder);
  const until = Date.now() + startWithinSeconds * 1_000;
  while (Date.now() < until && !end.signal.aborted) {
    if (existsSync(file)) return readinessSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    await sleep(50);
  }
  const outcome = end.signal.aborted ? 'ended during its start' : `was not ready within ${startWithinSeconds} s`;
  throw new Error(`the local database ${outcome}. The end of ${log}:\n${tailOf(log)}`);
}
