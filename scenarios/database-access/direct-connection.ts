import { sql } from 'kysely';
import { createConnection } from 'mysql2';
import { Client } from 'pg';
import type { Database } from '../../lambda/database-access/database';
import { ownerUser } from '../../lambda/database-access/database-schema';
import { openMysql } from '../../lambda/database-access/mysql-database';
import { openPostgres } from '../../lambda/database-access/postgres-database';
import { createTokenSource } from '../../lambda/database-access/rds-token';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';

/** Connects as the owner through the proxy; only a local run allows that from outside the VPC. */
export function connectAsOwner(deployment: Deployment, database: string = deployment.database): Database {
  const { host, port, engine } = deployment;
  const target = { host, port, user: ownerUser };
  const address = { ...target, database, password: createTokenSource(target), queryMilliseconds: 60_000 };
  return engine === 'mysql' ? openMysql(address) : openPostgres(address);
}

/** Connects as the owner until the check ends. */
export function openOwner(run: ScenarioRun, deployment: Deployment, database?: string): Database {
  const owner = connectAsOwner(deployment, database);
  run.cleanUp('close the connection', () => {
    owner.discard();
    return Promise.resolve();
  });
  return owner;
}

/** Returns the rows of a statement as JSON text. */
export async function rowsOf({ db }: Database, statement: string): Promise<string[]> {
  const { rows } = await sql.raw(statement).execute(db);
  return rows.map((row) => JSON.stringify(row));
}

/** Logs in with a password; returns the error message, or undefined on success. */
export async function tryLogin(
  { host, port, engine, database }: Deployment,
  credentials: { readonly user: string; readonly password: string; readonly tls: boolean },
): Promise<string | undefined> {
  const { user, password, tls } = credentials;
  try {
    await (engine === 'mysql' ? logInToMysql : logInToPostgres)({ host, port, database, user, password }, tls);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

type Login = Readonly<Record<'host' | 'database' | 'user' | 'password', string>> & { readonly port: number };

async function logInToPostgres(login: Login, tls: boolean): Promise<void> {
  const client = new Client({ ...login, ssl: tls ? { rejectUnauthorized: true } : false });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

function logInToMysql(login: Login, tls: boolean): Promise<void> {
  const { password, ...target } = login;
  const connection = createConnection({
    ...target,
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
