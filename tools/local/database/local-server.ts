import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DatabaseServer, ServerOptions } from './database-server';
import { endOf } from './server-process';
import { serverUser } from './server-user';

/** Milliseconds. */
export const startWithin = 30_000;

/** What the servers of both engines have in common: a process of their own, and passwords that nobody else knows. */
export abstract class LocalServer<Admin> implements DatabaseServer {
  readonly port: number;
  protected readonly user = serverUser();
  protected readonly data: string;
  protected readonly superPassword = newPassword();
  protected process: ChildProcess | undefined;
  protected admin: Admin | undefined;
  private readonly passwords = new Map<string, string>();

  /** What ends the server in good order. */
  protected abstract readonly endSignal: NodeJS.Signals;

  constructor(protected readonly options: ServerOptions) {
    this.port = options.port;
    this.data = join(options.folder, 'data');
    this.passwords.set(options.owner, options.ownerPassword);
  }

  abstract start(): Promise<void>;
  abstract connections(): Promise<number>;

  /** Starts the process on the data, and waits until it answers. */
  protected abstract launch(): Promise<void>;

  /** @throws Error where the user is not one who comes by IAM */
  protected abstract setPassword(user: string, password: string): Promise<void>;

  protected abstract disconnect(admin: Admin): void;

  async crash(): Promise<void> {
    await this.end('SIGKILL');
    await this.launch();
  }

  stop(): Promise<void> {
    return this.end(this.endSignal);
  }

  async passwordOf(user: string): Promise<string> {
    const known = this.passwords.get(user);
    if (known !== undefined) return known;
    const password = newPassword();
    await this.setPassword(user, password);
    this.passwords.set(user, password);
    return password;
  }

  protected forgetAdmin(): void {
    const { admin } = this;
    this.admin = undefined;
    if (admin !== undefined) this.disconnect(admin);
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
