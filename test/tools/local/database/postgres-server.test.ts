import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { engineFacts } from '../../../../lib/database-access/engine-facts';
import { PostgresServer } from '../../../../tools/local/database/postgres-server';
import { freePort } from '../../../../tools/local/ports';

const database = 'app';
const password = 'secret';
let folder = '';
let port = 0;
let server: PostgresServer;

beforeAll(async () => {
  // As root the server runs as another user, who has to reach its folder.
  chmodSync(tmpdir(), 0o711);
  folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  port = await freePort();
  const place = { port, folder: join(folder, 'server'), log: join(folder, 'log') };
  server = new PostgresServer({ ...place, owner: 'owner', ownerPassword: password, database, maxConnections: 10 });
  await server.start();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Runs statements as a user who logs in by IAM, as far as this server goes. */
async function byIam(user: string, ...statements: string[]): Promise<unknown[][]> {
  const client = new Client({ host: join(folder, 'server'), port, user, database });
  return runAll(client, statements);
}

async function byPassword(user: string, ...statements: string[]): Promise<unknown[][]> {
  const client = new Client({ host: '127.0.0.1', port, user, password, database });
  return runAll(client, statements);
}

async function runAll(client: Client, statements: readonly string[]): Promise<unknown[][]> {
  await client.connect();
  try {
    const results: unknown[][] = [];
    for (const statement of statements) results.push((await client.query(statement)).rows);
    return results;
  } finally {
    await client.end();
  }
}

it('has the major version of the deployed server', async () => {
  const [[row]] = (await byIam('owner', "select current_setting('server_version') as version")) as [
    [{ version: string }],
  ];
  expect(row.version.split('.')[0]).toBe(engineFacts.postgres.instanceEngine.engineVersion?.majorVersion);
});

it('logs the owner in by IAM, and refuses a password', async () => {
  await expect(byIam('owner', 'select 1')).resolves.toHaveLength(1);
  await expect(byPassword('owner')).rejects.toThrow(/pg_hba.conf rejects/);
});

it('refuses the password of a user who has created a member of rds_iam, as RDS does', async () => {
  await byIam('owner', `create role maker login createrole password '${password}'`);
  await expect(byPassword('maker', 'create role member login')).resolves.toHaveLength(1);
  await expect(byPassword('maker')).resolves.toEqual([]);
  await byIam('owner', 'grant rds_iam to member');
  await expect(byIam('member', 'select 1')).resolves.toHaveLength(1);
  await expect(byPassword('maker')).rejects.toThrow(/pg_hba.conf rejects/);
  await expect(byIam('maker', 'select 1')).resolves.toHaveLength(1);
});

it('takes the password of other users, and only that', async () => {
  await byIam('owner', `create role other login password '${password}'`);
  await expect(byPassword('other', 'select 1')).resolves.toHaveLength(1);
  await expect(byIam('other')).rejects.toThrow(/pg_hba.conf rejects/);
});
