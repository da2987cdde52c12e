import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type {
  DatabaseCrash,
  DatabaseWatch,
  DisturbedCalls,
  DisturbedService,
  Disturbance,
  Ec2Conditions,
  FaultInjector,
  RefusedBuilds,
  SentEmail,
} from '../../../scenarios/shared/faults/fault-injector';
import { seededRandom } from '../../scenario-runner/random';
import { crashedSchema, watchedSchema, type ControlRequest } from '../database/database-control';
import { setEc2Conditions } from '../ec2/local-ec2';
import { isAlive } from '../process-identity';
import type { StandIns } from '../stand-ins';
import type { PollerOrder } from '../stream-poller/poller-process';
import { readSentEmails } from '../sent-emails';
import type { TaskRunner } from '../tasks/task-runner';
import type { TaskSignal } from '../tasks/task-signals';
import type { Workspace } from '../workspace';
import { invocationsFolder, type InvocationEvent } from '../invocations/events';
import { proxyFile, sendTo, workingFolder } from './fault-folder';
import { startDisturbingProxy, type Upstream } from './disturbing-proxy';

/** Longest time from reading a proxy's port to connecting, in milliseconds. */
const connectMilliseconds = 500;

/** URLs by which faults are injected into what runs beside the emulator; undefined where the run has none. */
export interface Controls {
  readonly database?: () => string | undefined;
  readonly streamPoller?: () => string | undefined;
  /** Services beside the emulator. */
  readonly standIns?: Pick<StandIns, 'loseEvents' | 'endBuilds' | 'refuseBuilds' | 'connection'>;
  /** Tasks of ECS. */
  readonly tasks?: Pick<TaskRunner, 'signalNext' | 'count'>;
}

/** Fault injection for the functions of an emulator on this machine. */
export class LocalFaults implements FaultInjector {
  /**
   * @param folder of `faultFolderVariable`
   * @param controls return the URLs of what the run has beside the emulator
   */
  constructor(
    private readonly folder: string,
    private readonly upstream: Upstream & { readonly ec2Endpoint?: string | undefined },
    private readonly controls: Controls = {},
  ) {}

  /** Fault injection for the emulator of a local run. */
  static of(
    { certificate, certificateKey, faults }: Pick<Workspace, 'certificate' | 'certificateKey' | 'faults'>,
    { endpoint, ec2Endpoint }: { readonly endpoint: string; readonly ec2Endpoint?: string | undefined },
    controls?: Controls,
  ): LocalFaults {
    const upstream = {
      ...{ endpoint, ec2Endpoint },
      certificate: readFileSync(certificate, 'utf8'),
      key: readFileSync(certificateKey, 'utf8'),
    };
    return new LocalFaults(faults, upstream, controls);
  }

  kill(functionName: string): Promise<number> {
    const working = workingFolder(this.folder, functionName);
    const record = (pid: string): void => recordKill(this.folder, functionName, pid);
    const killed = filesOf(working).filter((pid) => killWorker(join(working, pid), pid, record));
    return Promise.resolve(killed.length);
  }

  async disturb(
    functionName: string,
    service: DisturbedService,
    disturbance: Disturbance,
    seed: number,
  ): Promise<() => Promise<DisturbedCalls>> {
    const file = proxyFile(this.folder, functionName, service);
    if (existsSync(file))
      throw new Error(`calls of ${functionName} to ${service} are already disturbed: end that first`);
    const random = seededRandom(seed, `${functionName}/${service}`);
    const upstream = { ...this.upstream, endpoint: this.endpointOf(service) };
    const proxy = await startDisturbingProxy(upstream, service, disturbance, random);
    const sendBack = sendTo(proxy.port, this.folder, functionName, service);
    return async () => {
      sendBack();
      await sleep(connectMilliseconds);
      return proxy.stop();
    };
  }

  /** Endpoint that the functions of the run call. */
  private endpointOf(service: DisturbedService): string {
    const { endpoint, ec2Endpoint } = this.upstream;
    const others = { ec2: ec2Endpoint, codebuild: this.controls.standIns?.connection['AWS_ENDPOINT_URL_CODEBUILD'] };
    return (others as Partial<Record<DisturbedService, string>>)[service] ?? endpoint;
  }

  async setEc2Conditions(conditions: Ec2Conditions): Promise<void> {
    const { ec2Endpoint, certificate } = this.upstream;
    if (ec2Endpoint === undefined) throw new Error('this run has no EC2 proxy');
    await setEc2Conditions(ec2Endpoint, certificate, conditions);
  }

  async sentEmails(): Promise<readonly SentEmail[]> {
    return readSentEmails(this.upstream.endpoint);
  }

  loseEvents(service: 'codebuild' | 'codecommit'): () => void {
    if (this.controls.standIns === undefined) throw new Error('this run has no builds and no repositories');
    return this.controls.standIns.loseEvents(service);
  }

  endBuilds(argument: string, how: 'died' | 'timed out'): number {
    if (this.controls.standIns === undefined) throw new Error('this run has no builds');
    return this.controls.standIns.endBuilds(argument, how);
  }

  refuseBuilds(): RefusedBuilds {
    if (this.controls.standIns === undefined) throw new Error('this run has no builds');
    return this.controls.standIns.refuseBuilds();
  }

  async signalNextTask(signal: TaskSignal, file?: string): Promise<boolean> {
    if (this.controls.tasks === undefined) throw new Error('this run has no tasks');
    return this.controls.tasks.signalNext(signal, file);
  }

  runningTasks(): number {
    return this.controls.tasks?.count ?? 0;
  }

  crashDatabase(): Promise<DatabaseCrash> {
    return this.askDatabase('crash', crashedSchema);
  }

  async watchDatabase(): Promise<() => Promise<DatabaseWatch>> {
    await this.askDatabase('watch', undefined);
    return () => this.askDatabase('watched', watchedSchema);
  }

  crashStreamPoller(): Promise<void> {
    return this.orderPoller({ do: 'crash' });
  }

  setStreamPollerClock(secondsAhead: number): Promise<void> {
    return this.orderPoller({ do: 'set-clock', secondsAhead });
  }

  private async orderPoller(order: PollerOrder): Promise<void> {
    const control = this.controls.streamPoller?.();
    if (control === undefined) throw new Error('this run has no stream poller');
    const { ok, status } = await fetch(control, { method: 'POST', body: JSON.stringify(order) });
    if (!ok) throw new Error(`the stream poller answered ${status}`);
  }

  private async askDatabase<T>(what: ControlRequest['do'], answer: z.ZodType<T> | undefined): Promise<T> {
    const control = this.controls.database?.();
    if (control === undefined) throw new Error('this run has no database');
    const response = await fetch(control, { method: 'POST', body: JSON.stringify({ do: what }) });
    const body = await response.text();
    if (!response.ok) throw new Error(`the local database rejected '${what}': ${body}`);
    const value: unknown = JSON.parse(body);
    return answer === undefined ? (value as T) : answer.parse(value);
  }
}

/** Kills the process unless its pid belongs to another process by now. */
function killWorker(file: string, pid: string, record: (pid: string) => void): boolean {
  try {
    const started = readFileSync(file, 'utf8');
    rmSync(file, { force: true });
    if (!isAlive({ pid: Number(pid), started })) return false;
    record(pid);
    process.kill(Number(pid), 'SIGKILL');
    return true;
  } catch {
    return false; // The invocation or the process has just ended.
  }
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // Not invoked yet.
  }
}

/** Marks the invocation as killed, so that it does not count as a failure of the function. */
function recordKill(folder: string, functionName: string, pid: string): void {
  const event: InvocationEvent = { event: 'killed', time: Date.now() };
  // The process may be writing a line.
  appendFileSync(join(invocationsFolder(folder, functionName), `${pid}.jsonl`), `\n${JSON.stringify(event)}\n`);
}
