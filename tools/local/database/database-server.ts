import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endOf } from './server-process';
import { serverUser } from './server-user';

export interface ServerOptions {
  readonly port: number;
  /** Folder of the server's data; created here and removed with the run. */
  readonly folder: string;
  readonly log: string;
  readonly owner: string;
  readonly ownerPassword: string;
  readonly database: string;
  readonly maxConnections: number;
}

const startMilliseconds = 30_000;

/** A real database server on this machine, in place of the RDS instance. */
export abstract class DatabaseServer<Admin = unknown> {
  readonly port: number;
  protected readonly user = serverUser();
  protected readonly data: string;
  protected readonly superPassword = newPassword();
  private process: ChildProcess | undefined;
  private admin: Admin | undefined;
  private readonly passwords = new Map<string, string>();

  /** Signal for an orderly shutdown. */
  protected abstract readonly endSignal: NodeJS.Signals;

  constructor(protected readonly options: ServerOptions) {
    this.port = options.port;
    this.data = join(options.folder, 'data');
    this.passwords.set(options.owner, options.ownerPassword);
  }

  /** Creates the data folder, starts the server, and creates the owner and the database. */
  abstract start(): Promise<void>;

  /** Returns the proxy's current connections, as the server counts them. */
  abstract connections(): Promise<number>;

  /** Starts the server's process on its data. */
  protected abstract spawn(): ChildProcess;

  /** @throws Error if the user may not log in by IAM */
  protected abstract setPassword(user: string, password: string): Promise<void>;

  protected abstract connectAdmin(): Promise<Admin>;
  protected abstract query(admin: Admin, statement: string): Promise<Record<string, unknown>[]>;
  protected abstract disconnect(admin: Admin): void;

  /** Kills the server by SIGKILL and starts it again on the same data. */
  async crash(): Promise<void> {
    await this.end('SIGKILL');
    await this.launch();
  }

  stop(): Promise<void> {
    return this.end(this.endSignal);
  }

  /** Returns the generated password of a user who logs in by IAM; RDS's own second token check has no local equivalent. */
  async passwordOf(user: string): Promise<string> {
    const known = this.passwords.get(user);
    if (known !== undefined) return known;
    const password = newPassword();
    await this.setPassword(user, password);
    this.passwords.set(user, password);
    return password;
  }

  /** Starts the process and waits until it answers. */
  protected async launch(): Promise<void> {
    const until = Date.now() + startMilliseconds;
    do {
      this.process = this.spawn();
      // Processes of a killed server may hold its memory and files a little longer: the first start can fail.
      if (await this.isAnswering(this.process, until)) return;
      await sleep(50);
    } while (Date.now() < until);
    throw new Error(`the database server did not start within ${startMilliseconds / 1_000} s: see ${this.options.log}`);
  }

  /** Runs a statement as the superuser. */
  protected async ask(statement: string): Promise<Record<string, unknown>[]> {
    this.admin ??= await this.connectAdmin();
    return this.query(this.admin, statement);
  }

  protected forgetAdmin(): void {
    const { admin } = this;
    this.admin = undefined;
    if (admin !== undefined) this.disconnect(admin);
  }

  private async isAnswering(server: ChildProcess, until: number): Promise<boolean> {
    while (server.exitCode === null && server.signalCode === null && Date.now() < until) {
      try {
        await this.ask('select 1');
        return true;
      } catch {
        await sleep(20);
      }
    }
    return false;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    this.process?.kill(signal);
    this.forgetAdmin();
    if (this.process !== undefined) await endOf(this.process);
  }
}

function newPassword(): string {
  return randomBytes(24).toString('hex');
}
