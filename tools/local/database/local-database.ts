import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildProcesses, RunningCommand } from '../child-processes';
import { endGroup } from '../leftovers';
import { tailOf } from '../log-file';
import { freePort } from '../ports';
import type { Workspace } from '../workspace';
import { servingFile, servingSchema, type ServedDatabase } from './served-database';
import type { WantedDatabase } from './wanted-database';

const startWithinSeconds = 60;

/** As policies and ARNs name the stand-in for RDS Proxy. */
export const localProxyId = 'prx-local';

export interface DatabasePlace {
  readonly workspace: Workspace;
  readonly children: ChildProcesses;
  readonly temporaryFolder: string;
  /** The emulator's. */
  readonly endpoint: string;
}

export interface LocalDatabase {
  /** That functions connect to. */
  readonly port: number;
  /** Of the server behind it. */
  readonly serverPort: number;
  readonly owner: string;
  readonly ownerPassword: string;
  readonly wanted: WantedDatabase;
  /** Takes the requests of `database-control.ts`. */
  readonly control: string;
  stop(): Promise<void>;
}

/** Starts the database that a stack wants, in a process of its own that outlives this one where the run is kept. */
export async function startDatabase(wanted: WantedDatabase, place: DatabasePlace): Promise<LocalDatabase> {
  const { workspace, children, temporaryFolder, endpoint } = place;
  const [proxyPort, serverPort] = [await freePort(), await freePort()];
  const folder = join(temporaryFolder, `database-${serverPort}`);
  const log = workspace.log(`database-${wanted.engine}`);
  const ownerPassword = randomBytes(24).toString('hex');
  const served: ServedDatabase = {
    ...wanted,
    ...{ proxyPort, serverPort, folder, endpoint, ownerPassword },
    log: workspace.log(`database-${wanted.engine}-server`),
    certificate: workspace.certificate,
    key: workspace.certificateKey,
    callers: workspace.callers,
    proxyId: localProxyId,
  };
  const file = `${folder}.json`;
  writeFileSync(file, JSON.stringify(served), { mode: 0o600 });
  const running = children.start({
    what: 'database',
    file: process.execPath,
    arguments: ['--import', 'tsx', join('tools', 'local', 'database', 'serve.ts'), file],
    folder: workspace.root,
    environment: process.env,
    log,
  });
  const { control } = await waitUntilServing(folder, running, log);
  const { owner } = wanted;
  return {
    port: proxyPort,
    serverPort,
    owner,
    ownerPassword,
    wanted,
    control,
    stop: () => endGroup(running.identity, 5_000),
  };
}

async function waitUntilServing(folder: string, running: RunningCommand, log: string) {
  const end = new AbortController();
  void running.ended.then(() => end.abort());
  const place = servingFile(folder);
  const until = Date.now() + startWithinSeconds * 1_000;
  while (Date.now() < until && !end.signal.aborted) {
    if (existsSync(place)) return servingSchema.parse(JSON.parse(readFileSync(place, 'utf8')));
    await sleep(50);
  }
  const happened = end.signal.aborted ? 'ended while it was starting' : `did not serve within ${startWithinSeconds} s`;
  throw new Error(`the local database ${happened}. The end of ${log}:\n${tailOf(log)}`);
}
