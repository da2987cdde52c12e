import { Kysely, MysqlDialect } from 'kysely';
import { createPool, type PoolConnection, type PoolOptions } from 'mysql2';
import { connectMilliseconds, type Database, type DatabaseAddress } from './database';
import type { Tables } from './database-schema';

/**
 * Opens MySQL behind RDS Proxy.
 *
 * The driver writes parameters into the statement, escaped: prepared statements of MySQL pin a connection of the proxy.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html
 */
export function openMysql(address: DatabaseAddress): Database {
  const { host, port, database, user, password, queryMilliseconds } = address;
  const options: PoolOptions = {
    host,
    port,
    database,
    user,
    // Node trusts the public authority of the proxy's certificate; its name is compared with `host`.
    ssl: { rejectUnauthorized: true, verifyIdentity: true },
    // The token is sent in clear text inside TLS.
    authPlugins: { mysql_clear_password: () => async () => Buffer.from(`${await password()}\0`) },
    connectionLimit: 1,
    connectTimeout: connectMilliseconds,
    charset: 'utf8mb4',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: true,
  };
  const pool = createPool(options);
  const connections = new Set<PoolConnection>();
  pool.on('connection', (connection) => {
    connections.add(connection);
    // Without a listener a broken connection ends the process; a pending query rejects by itself.
    connection.on('error', () => undefined);
    connection.on('end', () => connections.delete(connection));
    limitQueries(connection, queryMilliseconds);
  });
  return {
    db: new Kysely<Tables>({ dialect: new MysqlDialect({ pool }) }),
    discard() {
      for (const connection of connections) connection.destroy();
      pool.end(() => undefined);
    },
  };
}

/** The driver takes a timeout only with each query, and Kysely sets none. */
function limitQueries(connection: PoolConnection, timeout: number): void {
  const query = connection.query.bind(connection) as (...values: unknown[]) => unknown;
  const limited = (statement: unknown, ...rest: unknown[]): unknown =>
    typeof statement === 'string' ? query({ sql: statement, timeout }, ...rest) : query(statement, ...rest);
  Object.assign(connection, { query: limited });
}
