import type { Kysely } from 'kysely';
import type { Engine } from './engine';
import type { Tables } from './tables';

/** Where the database is, and who comes. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Asked for each connection. */
  readonly password: () => Promise<string>;
  /** How long an answer is waited for, in milliseconds: the wait for a connection of the proxy's and the statement. */
  readonly queryMilliseconds: number;
}

/** One connection, made when it is first used. */
export interface Database {
  readonly db: Kysely<Tables>;
  /** Ends the connection at once, whatever it is doing. */
  discard(): void;
}

/** How long a connection to the proxy may take, in milliseconds: TCP, TLS and the token, all within the region. */
export const connectMilliseconds = 3_000;

/** Opens by the engine's driver; the other's is not even loaded. */
export type OpenDatabase = (address: DatabaseAddress) => Database;

export async function driverOf(engine: Engine): Promise<OpenDatabase> {
  if (engine === 'mysql') return (await import('./mysql-database.js')).openMysql;
  return (await import('./postgres-database.js')).openPostgres;
}
