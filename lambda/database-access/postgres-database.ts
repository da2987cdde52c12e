import { Kysely, PostgresDialect } from 'kysely';
import { Socket } from 'node:net';
import { Pool } from 'pg';
import { connectMilliseconds, type Database, type DatabaseAddress } from './database';
import type { Tables } from './database-schema';

/**
 * Opens PostgreSQL behind RDS Proxy.
 *
 * Session settings (SET or startup options) and named statements are avoided: each would pin a connection of the proxy
 * to this environment. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html
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
    // Node trusts the public authority of the proxy's certificate; its name is compared with `host`.
    ssl: { rejectUnauthorized: true },
    max: 1,
    // Kept for the life of the environment: the proxy closes connections that are idle too long.
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
  // An idle connection that breaks emits its error on the pool, one in use on the client; without a listener either ends
  // the process. A pending query rejects by itself.
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
