import { Kysely, PostgresDialect } from 'kysely';
import { Socket } from 'node:net';
import { Pool } from 'pg';
import { connectMilliseconds, type Database, type DatabaseAddress } from './database';
import type { Tables } from './tables';

/**
 * Opens PostgreSQL behind RDS Proxy.
 *
 * Nothing of a session is set, by SET or at startup, and no statement is named: either would pin a connection of the
 * proxy's to this environment. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html
 */
export function openPostgres(address: DatabaseAddress): Database {
  const { host, port, database, user, password, queryMilliseconds } = address;
  const sockets = new Set<Socket>();
  const pool = new Pool({
    host,
    port,
    database,
    user,
    password,
    // The proxy's certificate is of Amazon's public authority, which Node knows; its name is compared with `host`.
    ssl: { rejectUnauthorized: true },
    max: 1,
    // Kept while the environment lives: the proxy ends connections that are idle for long.
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: connectMilliseconds,
    query_timeout: queryMilliseconds,
    stream: () => {
      const socket = new Socket();
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket;
    },
  });
  // A connection that breaks while nobody uses it tells the pool, one that is in use tells itself; without a listener
  // either ends the process. Whoever waits for an answer is told by its query.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    discard() {
      for (const socket of sockets) socket.destroy();
      pool.end().catch(() => undefined);
    },
  };
}
