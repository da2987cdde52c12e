import { request } from 'node:https';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { ChildProcesses, RunningCommand } from './child-processes';
import { connectionVariables, region } from './connection';
import { credentialsFolderVariable } from './database/caller-credentials';
import { faultFolderVariable } from './faults/fault-folder';
import { tailOf } from './log-file';
import { freePort } from './ports';
import type { Workspace } from './workspace';

const startWithinSeconds = 30;

const healthSchema = z.object({ version: z.string() });

export interface Emulator {
  /** Such as `https://127.0.0.1:41234`. */
  readonly endpoint: string;
  readonly version: string;
  /** Environment variables for whoever talks to it. */
  readonly connection: Record<string, string>;
  readonly running: RunningCommand;
  /** Goes with the run. */
  readonly temporaryFolder: string;
}

/**
 * Settings of the emulator alone. Functions inherit the emulator's environment, so their runtime takes these away
 * before it loads a handler.
 */
export const emulatorSettings: Readonly<Record<string, string>> = {
  // Loopback only: by default it listens on every interface, with a root key that everyone knows.
  BIND_HOST: '127.0.0.1',
  // Queue URLs would name `localhost` otherwise, and the SDK warns of every call to them.
  MINISTACK_HOST: '127.0.0.1',
  MINISTACK_REGION: region,
  USE_SSL: '1',
  AUTH: 'true',
  LAMBDA_EXECUTOR: 'local',
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
  // An idle environment is a thread of the emulator's that looks for work ten times a second: those of a burst go soon.
  LAMBDA_WARM_TTL_SECONDS: '20',
};

export interface EmulatorStart {
  readonly workspace: Workspace;
  readonly children: ChildProcesses;
  /** The virtual environment's Python. */
  readonly python: string;
  /**
   * Outside the checkout: functions are unpacked into it, and within the checkout Node would find every package of the
   * project's `node_modules` by walking up, so that a handler with a dependency left out of its bundle would work here
   * and nowhere else.
   */
  readonly temporaryFolder: string;
}

/** Starts the emulator on a free port and waits until it answers. */
export async function startEmulator(start: EmulatorStart): Promise<Emulator> {
  const { workspace, children, python, temporaryFolder } = start;
  const port = await freePort();
  const endpoint = `https://127.0.0.1:${port}`;
  const connection = connectionVariables(endpoint, workspace.certificate);
  const running = children.start({
    what: 'emulator',
    file: python,
    arguments: [join(__dirname, 'emulator.py')],
    folder: temporaryFolder,
    environment: {
      ...emulatorSettings,
      ...connection,
      GATEWAY_PORT: String(port),
      EDGE_PORT: String(port),
      MINISTACK_SSL_CERT: workspace.certificate,
      MINISTACK_SSL_KEY: workspace.certificateKey,
      SSL_CERT_FILE: workspace.certificate,
      HOME: temporaryFolder,
      TMPDIR: temporaryFolder,
      NODE_PATH: workspace.runtimePackages,
      [faultFolderVariable]: workspace.faults,
      [credentialsFolderVariable]: workspace.callers,
      PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
      LANG: 'en_US.UTF-8',
      TZ: 'UTC',
    },
    log: workspace.log('emulator'),
  });
  const version = await waitUntilHealthy(endpoint, workspace, running);
  return { endpoint, version, connection, running, temporaryFolder };
}

/** Variables that a function must not see although the emulator was started with them. */
export function hiddenFromFunctions(): string[] {
  return [
    ...Object.keys(emulatorSettings),
    ...[
      'GATEWAY_PORT',
      'EDGE_PORT',
      'MINISTACK_SSL_CERT',
      'MINISTACK_SSL_KEY',
      'HOME',
      'SSL_CERT_FILE',
      'AWS_CA_BUNDLE',
    ],
  ];
}

async function waitUntilHealthy(endpoint: string, workspace: Workspace, running: RunningCommand): Promise<string> {
  const authority = readFileSync(workspace.certificate, 'utf8');
  const deadline = Date.now() + startWithinSeconds * 1000;
  const end = new AbortController();
  void running.ended.then(() => end.abort());
  while (Date.now() < deadline && !end.signal.aborted) {
    const answer = await get(new URL('/_ministack/health', endpoint), authority);
    if (answer !== undefined) return healthSchema.parse(JSON.parse(answer)).version;
    await sleep(50);
  }
  const happened = end.signal.aborted ? 'ended while it was starting' : `did not answer within ${startWithinSeconds} s`;
  const log = workspace.log('emulator');
  throw new Error(`the emulator ${happened}. The end of ${log}:\n${tailOf(log)}`);
}

function get(url: URL, authority: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const call = request(url, { ca: authority, timeout: 2_000 }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (body += part));
      response.on('end', () => resolve(response.statusCode === 200 ? body : undefined));
      response.on('error', () => resolve(undefined));
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(undefined));
    call.end();
  });
}
