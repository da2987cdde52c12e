import { createServer } from 'node:net';
import { ConnectionPool } from './connection-pool';
import { MysqlClient } from './mysql-client';
import { MysqlConnection } from './mysql-connection';
import { letMysqlIn } from './mysql-door';
import type { ProxyOptions, RunningProxy } from './postgres-proxy';

export interface MysqlProxyOptions extends Omit<ProxyOptions, 'serverPort'> {
  /** Of the server. */
  readonly socketPath: string;
}

interface Key {
  readonly user: string;
  readonly database: string;
  readonly foundRows: boolean;
}

/** Stands in for RDS Proxy in front of MariaDB: its door, and connections shared at the ends of transactions. */
export async function startMysqlProxy(options: MysqlProxyOptions): Promise<RunningProxy> {
  const { port, socketPath, mostConnections, borrowMilliseconds } = options;
  const pool = new ConnectionPool<MysqlConnection>(mostConnections, borrowMilliseconds, async (key) => {
    const who = JSON.parse(key) as Key;
    return MysqlConnection.open(key, { ...who, password: await options.passwordOf(who.user) }, socketPath);
  });
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    letMysqlIn(socket, options)
      .then((guest) => {
        if (guest === undefined) return;
        const { user, database, foundRows } = guest;
        new MysqlClient(guest, pool, JSON.stringify({ user, database, foundRows } satisfies Key));
      })
      .catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const clients = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
  return { limit: mostConnections, clients, stop: () => void server.close() };
}
