import type { Kysely } from 'kysely';
import type { Tables } from './database-schema';

/** Address of the database, and the user to log in as. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Called once for each connection. */
  readonly password: () => Promise<string>;
  /** Longest wait for an answer, in milliseconds: borrowing a connection of the proxy, and the statement. */
  readonly queryMilliseconds: number;
}

/** One connection, opened on first use. */
export interface Database {
  readonly db: Kysely<Tables>;
  /** Closes the connection immediately, even during a statement. */
  discard(): void;
}

/** Longest time to connect to the proxy, in milliseconds: TCP, TLS and the token, all within the region. */
export const connectMilliseconds = 3_000;
