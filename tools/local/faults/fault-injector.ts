import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type {
  DatabaseCrash,
  DatabaseWatch,
  DisturbedCalls,
  DisturbedService,
  Disturbance,
  FaultInjector,
} from '../../../scenarios/shared/faults/fault-injector';
import { seededRandom } from '../../scenario-runner/random';
import { crashedSchema, watchedSchema, type ControlRequest } from '../database/database-control';
import { isAlive } from '../process-identity';
import { proxyFile, sendTo, workingFolder } from './fault-folder';
import { startDisturbingProxy, type Upstream } from './disturbing-proxy';

/** What a function that has just been sent to a proxy may take to reach it (milliseconds). */
const underWay = 500;

/** Faults for the functions of an emulator on this machine. */
export class LocalFaults implements FaultInjector {
  /**
   * @param folder which the functions were told of
   * @param database where its control is, if the run has a database
   */
  constructor(
    private readonly folder: string,
    private readonly upstream: Upstream,
    private readonly database: () => string | undefined = () => undefined,
  ) {}

  kill(functionName: string): Promise<number> {
    const working = workingFolder(this.folder, functionName);
    const killed = filesOf(working).filter((pid) => killWorker(join(working, pid), Number(pid)));
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
      throw new Error(`calls of ${functionName} to ${service} are disturbed already: end that first`);
    const random = seededRandom(seed, `${functionName}/${service}`);
    const proxy = await startDisturbingProxy(this.upstream, service, disturbance, random);
    const sendBack = sendTo(proxy.port, this.folder, functionName, service);
    return async () => {
      sendBack();
      await sleep(underWay);
      return proxy.stop();
    };
  }

  crashDatabase(): Promise<DatabaseCrash> {
    return this.askDatabase('crash', crashedSchema);
  }

  async watchDatabase(): Promise<() => Promise<DatabaseWatch>> {
    await this.askDatabase('watch', undefined);
    return () => this.askDatabase('watched', watchedSchema);
  }

  private async askDatabase<T>(what: ControlRequest['do'], answer: z.ZodType<T> | undefined): Promise<T> {
    const control = this.database();
    if (control === undefined) throw new Error('this run has no database');
    const response = await fetch(control, { method: 'POST', body: JSON.stringify({ do: what }) });
    const body = await response.text();
    if (!response.ok) throw new Error(`the local database refused '${what}': ${body}`);
    const value: unknown = JSON.parse(body);
    return answer === undefined ? (value as T) : answer.parse(value);
  }
}

/** A file whose process has ended by itself may name a number that belongs to somebody else by now. */
function killWorker(file: string, pid: number): boolean {
  try {
    const started = readFileSync(file, 'utf8');
    rmSync(file, { force: true });
    if (!isAlive({ pid, started })) return false;
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false; // It has finished its work, or ended, this moment.
  }
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // The function has not been invoked yet.
  }
}
