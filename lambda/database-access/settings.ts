import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { databaseName, engines } from './database-schema';
import type { Database, DatabaseAddress } from './database';
import { createTokenSource } from './rds-token';

const schema = z.object({
  DATABASE_ENGINE: z.enum(engines),
  DATABASE_USER: z.string(),
  DATABASE_PORT: wholeNumber,
  PROXY_ENDPOINT: z.string(),
  QUERY_TIMEOUT_MILLISECONDS: wholeNumber,
});
export type DatabaseSettings = z.infer<typeof schema>;

export function readSettings(environment: Readonly<Record<string, string | undefined>>): DatabaseSettings {
  return readEnvironment(schema, environment);
}

/** Returns a function that opens the configured database as the configured user. */
export async function createDatabaseOpener(settings: DatabaseSettings): Promise<() => Database> {
  const open = await loadDriver();
  const target = { host: settings.PROXY_ENDPOINT, port: settings.DATABASE_PORT, user: settings.DATABASE_USER };
  const password = createTokenSource(target);
  const queryMilliseconds = settings.QUERY_TIMEOUT_MILLISECONDS;
  return () => open({ ...target, database: databaseName, password, queryMilliseconds });
}

/** Loads the driver of the configured engine. The bundler knows the variable, and leaves the other driver out. */
async function loadDriver(): Promise<(address: DatabaseAddress) => Database> {
  return process.env['DATABASE_ENGINE'] === 'mysql'
    ? (await import('./mysql-database.js')).openMysql
    : (await import('./postgres-database.js')).openPostgres;
}
