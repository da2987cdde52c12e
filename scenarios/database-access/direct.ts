import { sql } from 'kysely';
import { createConnection } from 'mysql2';
import { Client } from 'pg';
import type { Database } from '../../lambda/database-access/database';
import { ownerUser } from '../../lambda/database-access/database-schema';
import { openMysql } from '../../lambda/database-access/mysql-database';
import { openPostgres } from '../../lambda/database-access/postgres-database';
import { createTokenSource } from '../../lambda/database-access/rds-token';
import type { Deployment } from './deployment';

/** Connects as the owner, by the proxy; from outside of the VPC only a local run lets anybody do it. */
export function asOwner(deployment: Deployment, database: string = deployment.database): Database {
  const { host, port, engine } = deployment;
  const who = { host, port, user: ownerUser };
  const address = { ...who, database, password: createTokenSource(who), queryMilliseconds: 60_000 };
  return engine === 'mysql' ? openMysql(address) : openPostgres(address);
}

/** The rows of one statement, as text. */
export async function rowsOf({ db }: Database, statement: string): Promise<string[]> {
  const { rows } = await sql.raw(statement).execute(db);
  return rows.map((row) => JSON.stringify(row));
}

/** Comes to the door with a password, and tells what was said there: undefined is "come in". */
export async function knock(
  { host, port, engine, database }: Deployment,
  guest: { readonly user: string; readonly password: string; readonly tls: boolean },
): Promise<string | undefined> {
  const { user, password, tls } = guest;
  try {
    await (engine === 'mysql' ? knockMysql : knockPostgres)({ host, port, database, user, password }, tls);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

type Login = Readonly<Record<'host' | 'database' | 'user' | 'password', string>> & { readonly port: number };

async function knockPostgres(login: Login, tls: boolean): Promise<void> {
  const client = new Client({ ...login, ssl: tls ? { rejectUnauthorized: true } : false });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

function knockMysql(login: Login, tls: boolean): Promise<void> {
  const { password, ...who } = login;
  const connection = createConnection({
    ...who,
    ...(tls ? { ssl: { rejectUnauthorized: true, verifyIdentity: true } } : {}),
    authPlugins: { mysql_clear_password: () => () => Buffer.from(`${password}\0`) },
  });
  connection.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    connection.query('select 1', (error) => {
      connection.destroy();
      if (error === null) resolve();
      else reject(error);
    });
  });
}
