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

const startWithinSeconds = 120;

const healthSchema = z.object({ version: z.string() });

export interface Emulator {
  /** Such as `https://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** Endpoint of the EC2 proxy, which runs if a deployed stack calls EC2. */
  readonly ec2Endpoint: string;
  readonly version: string;
  /** Environment variables for its clients. */
  readonly connection: Record<string, string>;
  readonly running: RunningCommand;
  /** Removed at the end of the run. */
  readonly temporaryFolder: string;
}

/**
 * Settings of the emulator alone. Functions inherit the emulator's environment; their bootstrap script unsets these.
 */
export const emulatorSettings: Readonly<Record<string, string>> = {
  // By default the emulator listens on every interface, with a public root key.
  BIND_HOST: '127.0.0.1',
  // With `localhost` in queue URLs the SDK logs a warning for every call.
  MINISTACK_HOST: '127.0.0.1',
  MINISTACK_REGION: region,
  USE_SSL: '1',
  AUTH: 'true',
  LAMBDA_EXECUTOR: 'local',
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
  // An idle execution environment is a thread that polls ten times a second: those of a burst end soon.
  LAMBDA_WARM_TTL_SECONDS: '20',
};

export interface EmulatorStart {
  readonly workspace: Workspace;
  readonly children: ChildProcesses;
  /** Python of the virtual environment. */
  readonly python: string;
  /**
   * Outside the checkout: functions are unpacked into it, and inside the checkout Node would resolve a dependency that is
   * missing from a bundle from the project's `node_modules`.
   */
  readonly temporaryFolder: string;
  /** Variables by which SDKs find the services that run beside the emulator. */
  readonly standIns?: Readonly<Record<string, string>>;
}

/** Starts the emulator on a free port and waits until it answers. */
export async function startEmulator(start: EmulatorStart): Promise<Emulator> {
  const { workspace, children, python, temporaryFolder, standIns } = start;
  const [port, keySetsPort, ec2Port] = await Promise.all([freePort(), freePort(), freePort()]);
  const endpoint = `https://127.0.0.1:${port}`;
  const ec2Endpoint = `https://127.0.0.1:${ec2Port}`;
  const connection = { ...connectionVariables(endpoint, workspace.certificate, ec2Endpoint), ...standIns };
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
      KEY_SETS_PORT: String(keySetsPort),
      // Keys that tokens of Cognito are signed with.
      STATE_DIR: join(temporaryFolder, 'state'),
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
  return { endpoint, ec2Endpoint, version, connection, running, temporaryFolder };
}

/** Variables of the emulator that functions must not see. */
export function hiddenFromFunctions(): string[] {
  return [
    ...Object.keys(emulatorSettings),
    ...[
      'GATEWAY_PORT',
      'EDGE_PORT',
      'KEY_SETS_PORT',
      'STATE_DIR',
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
  const event = end.signal.aborted ? 'exited during startup' : `did not answer within ${startWithinSeconds} s`;
  const log = workspace.log('emulator');
  throw new Error(`the emulator ${event}. Last lines of ${log}:\n${tailOf(log)}`);
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
