import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createConnection, escape, escapeId, type Connection, type RowDataPacket } from 'mysql2/promise';
import { LoginRefusedError } from './connection-pool';
import { DatabaseServer, newPassword, type ServerLogin, type ServerOptions } from './database-server';
import { iamMark } from './mysql-client';
import { runProgram, startProgram } from './server-process';
import { createOwnedFolder } from './server-user';

const superuser = 'root';

/** MariaDB from the PATH, in place of RDS's MySQL; listens only on a Unix socket. */
export class MariadbServer extends DatabaseServer<Connection> {
  private readonly socketPath: string;
  protected override readonly endSignal = 'SIGTERM';
  private isSecured = false;
  private readonly passwords = new Map<string, string>();

  constructor(options: ServerOptions) {
    super(options);
    this.socketPath = join(options.folder, 'socket');
  }

  async start(): Promise<void> {
    const { folder, log, owner, ownerPassword, database } = this.options;
    createOwnedFolder(folder, this.user);
    createOwnedFolder(this.data, this.user);
    await runProgram({
      file: 'mariadb-install-db',
      arguments: [
        '--no-defaults',
        `--datadir=${this.data}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
      ],
      environment: { PATH: withServerPrograms() },
      user: this.user,
      log,
    });
    await this.launch();
    await this.ask(`alter user ${superuser}@localhost identified by ${escape(this.superPassword)}`);
    this.isSecured = true;
    await this.ask(`create database ${escapeId(database)} character set utf8mb4`);
    await this.ask(`create user ${escapeId(owner)}@'%' identified by ${escape(ownerPassword)}`);
    await this.ask(`grant all on *.* to ${escapeId(owner)}@'%' with grant option`);
  }

  override passwordLogin(password: string): ServerLogin {
    return { address: { path: this.socketPath }, password };
  }

  /** Gives a user a password in place of RDS's plugin, which no other server has. */
  override async iamLogin(user: string): Promise<ServerLogin> {
    const known = this.passwords.get(user);
    if (known !== undefined) return this.passwordLogin(known);
    const mark = escape(iamMark);
    const rows = await this.ask(
      `select 1 from mysql.global_priv where user = ${escape(user)} and json_value(priv, '$.authentication_string') = ${mark}`,
    );
    if (rows.length === 0) throw new LoginRefusedError(`Access denied for user '${user}'`);
    const password = newPassword();
    await this.ask(`alter user ${escapeId(user)}@'%' identified by ${escape(password)}`);
    this.passwords.set(user, password);
    return this.passwordLogin(password);
  }

  async connections(): Promise<number> {
    const [row] = await this.ask(
      `select count(*) as count from information_schema.processlist where user not in (${escape(superuser)}, 'system user')`,
    );
    return Number(row?.['count']);
  }

  protected override spawn(): ChildProcess {
    const { lockWaitSeconds: seconds } = this.options;
    const lockWait = seconds === undefined ? {} : { 'innodb-lock-wait-timeout': seconds, 'lock-wait-timeout': seconds };
    const settings = {
      ...lockWait,
      datadir: this.data,
      socket: this.socketPath,
      'pid-file': join(this.options.folder, 'pid'),
      // In addition to the proxy's: the connections of this class.
      'max-connections': this.options.maxConnections + 5,
      'default-time-zone': '+00:00',
      'character-set-server': 'utf8mb4',
      // Only the server is killed, never the machine: data handed to the operating system survives.
      'innodb-flush-log-at-trx-commit': 2,
      'innodb-buffer-pool-size': '64M',
    };
    return startProgram({
      file: 'mariadbd',
      arguments: [
        ...['--no-defaults', '--skip-networking', '--skip-name-resolve'],
        ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
      ],
      environment: { PATH: withServerPrograms() },
      user: this.user,
      log: this.options.log,
    });
  }

  protected override async query(admin: Connection, statement: string): Promise<Record<string, unknown>[]> {
    return (await admin.query<RowDataPacket[]>(statement))[0];
  }

  protected override async connectAdmin(): Promise<Connection> {
    const password = this.isSecured ? { password: this.superPassword } : {};
    const connection = await createConnection({ socketPath: this.socketPath, user: superuser, ...password });
    connection.on('error', () => this.forgetAdmin());
    return connection;
  }

  protected override disconnect(admin: Connection): void {
    admin.destroy();
  }
}

/** Adds the folders in which Debian installs servers, which are not on an ordinary user's PATH. */
export function withServerPrograms(path = process.env['PATH'] ?? ''): string {
  return `${path}:/usr/sbin:/usr/local/sbin`;
}
