import { Kysely, MysqlDialect } from 'kysely';
import { createPool, type PoolConnection, type PoolOptions } from 'mysql2';
import { connectMilliseconds, type Database, type DatabaseAddress } from './database';
import type { Tables } from './tables';

/**
 * Opens MySQL behind RDS Proxy.
 *
 * Parameters are written into the statement by the driver, escaped: prepared statements of MySQL pin a connection of the
 * proxy's. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html
 */
export function openMysql(address: DatabaseAddress): Database {
  const { host, port, database, user, password, queryMilliseconds } = address;
  const options: PoolOptions = {
    host,
    port,
    database,
    user,
    // The proxy's certificate is of Amazon's public authority, which Node knows; its name is compared with `host`.
    ssl: { rejectUnauthorized: true, verifyIdentity: true },
    // A token goes as it is, within TLS.
    authPlugins: { mysql_clear_password: () => async () => Buffer.from(`${await password()}\0`) },
    connectionLimit: 1,
    connectTimeout: connectMilliseconds,
    charset: 'utf8mb4',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: true,
    // Rows that an insert leaves as they are do not count, which MySQL does only for clients that do not ask otherwise.
    flags: ['-FOUND_ROWS'],
  };
  const pool = createPool(options);
  const connections = new Set<PoolConnection>();
  pool.on('connection', (connection) => {
    connections.add(connection);
    // Without a listener a connection that breaks ends the process; whoever waits for an answer is told by its query.
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

/** The driver takes a limit of time by the query alone, and Kysely gives none. */
function limitQueries(connection: PoolConnection, timeout: number): void {
  const query = connection.query.bind(connection) as (...values: unknown[]) => unknown;
  const limited = (statement: unknown, ...rest: unknown[]): unknown =>
    typeof statement === 'string' ? query({ sql: statement, timeout }, ...rest) : query(statement, ...rest);
  Object.assign(connection, { query: limited });
}
