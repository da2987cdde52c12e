import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { NetConnectOpts } from 'node:net';
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
  /** Longest waits for rows and for tables, in seconds. @default the server's own */
  readonly lockWaitSeconds?: number | undefined;
}

/** Address of the server, and the password if it asks for one. */
export interface ServerLogin {
  readonly address: NetConnectOpts;
  readonly password?: string;
}

const startMilliseconds = 120_000;

/** A real database server on this machine, in place of the RDS instance. */
export abstract class DatabaseServer<Admin = unknown> {
  protected readonly user = serverUser();
  protected readonly data: string;
  protected readonly superPassword = newPassword();
  private process: ChildProcess | undefined;
  private admin: Admin | undefined;

  /** Signal for an orderly shutdown. */
  protected abstract readonly endSignal: NodeJS.Signals;

  constructor(protected readonly options: ServerOptions) {
    this.data = join(options.folder, 'data');
  }

  /** Creates the data folder, starts the server, and creates the owner and the database. */
  abstract start(): Promise<void>;

  /** Returns the proxy's current connections, as the server counts them. */
  abstract connections(): Promise<number>;

  /** Starts the server's process on its data. */
  protected abstract spawn(): ChildProcess;

  /**
   * Returns the login of a user by IAM, which the proxy's role may use; RDS's own check of the token has no local equivalent.
   *
   * @throws LoginRefusedError if the user of the database may not log in by IAM
   */
  abstract iamLogin(user: string): Promise<ServerLogin>;

  /** Returns the login of a user by password. */
  abstract passwordLogin(password: string): ServerLogin;

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

export function newPassword(): string {
  return randomBytes(24).toString('hex');
}
