import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { databaseName, engines } from './engine';
import { driverOf, type Database } from './database';
import { tokenSource } from './rds-token';

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

/** What opens the database that a function's settings name, as the user that they name. */
export async function opener(settings: DatabaseSettings): Promise<() => Database> {
  const open = await driverOf(settings.DATABASE_ENGINE);
  const who = { host: settings.PROXY_ENDPOINT, port: settings.DATABASE_PORT, user: settings.DATABASE_USER };
  const password = tokenSource(who);
  const queryMilliseconds = settings.QUERY_TIMEOUT_MILLISECONDS;
  return () => open({ ...who, database: databaseName, password, queryMilliseconds });
}
