import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, escape, escapeId, type Connection, type RowDataPacket } from 'mysql2/promise';
import type { ServerOptions } from './database-server';
import { LocalServer, startWithin } from './local-server';
import { iamMark } from './mysql-client';
import { runProgram, startProgram } from './server-process';
import { ownFolder } from './server-user';

const superuser = 'root';

/** MariaDB from the PATH, in place of RDS's MySQL; it listens on a socket alone. */
export class MariadbServer extends LocalServer<Connection> {
  readonly socketPath: string;
  protected override readonly endSignal = 'SIGTERM';
  private isSecured = false;

  constructor(options: ServerOptions) {
    super(options);
    this.socketPath = join(options.folder, 'socket');
  }

  async start(): Promise<void> {
    const { folder, log, owner, ownerPassword, database } = this.options;
    ownFolder(folder, this.user);
    ownFolder(this.data, this.user);
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

  protected override async setPassword(user: string, password: string): Promise<void> {
    const mark = escape(iamMark);
    const rows = await this.ask(
      `select 1 from mysql.global_priv where user = ${escape(user)} and json_value(priv, '$.authentication_string') = ${mark}`,
    );
    if (rows.length === 0) throw new Error(`Access denied for user '${user}'`);
    await this.ask(`alter user ${escapeId(user)}@'%' identified by ${escape(password)}`);
  }

  async connections(): Promise<number> {
    const [row] = await this.ask(
      `select count(*) as count from information_schema.processlist where user not in (${escape(superuser)}, 'system user')`,
    );
    return Number(row?.['count']);
  }

  protected override async launch(): Promise<void> {
    const settings = {
      datadir: this.data,
      socket: this.socketPath,
      'pid-file': join(this.options.folder, 'pid'),
      // Those of the proxy and of this class.
      'max-connections': this.options.maxConnections + 5,
      'default-time-zone': '+00:00',
      'character-set-server': 'utf8mb4',
      // It is killed, the machine is not: what has been given to the system is not lost.
      'innodb-flush-log-at-trx-commit': 2,
      'innodb-buffer-pool-size': '64M',
    };
    this.process = startProgram({
      file: 'mariadbd',
      arguments: [
        ...['--no-defaults', '--skip-networking', '--skip-name-resolve'],
        ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
      ],
      environment: { PATH: withServerPrograms() },
      user: this.user,
      log: this.options.log,
    });
    const until = Date.now() + startWithin;
    while (Date.now() < until && this.process.exitCode === null) {
      try {
        await this.ask('select 1');
        return;
      } catch {
        await sleep(20);
      }
    }
    throw new Error(`MariaDB did not start within ${startWithin / 1_000} s: see ${this.options.log}`);
  }

  private async ask(statement: string): Promise<RowDataPacket[]> {
    this.admin ??= await this.connectAdmin();
    const [rows] = await this.admin.query<RowDataPacket[]>(statement);
    return rows;
  }

  private async connectAdmin(): Promise<Connection> {
    const password = this.isSecured ? { password: this.superPassword } : {};
    const connection = await createConnection({ socketPath: this.socketPath, user: superuser, ...password });
    connection.on('error', () => this.forgetAdmin());
    return connection;
  }

  protected override disconnect(admin: Connection): void {
    admin.destroy();
  }
}

/** Debian keeps servers where an ordinary user's PATH does not look. */
export function withServerPrograms(path = process.env['PATH'] ?? ''): string {
  return `${path}:/usr/sbin:/usr/local/sbin`;
}
