import { ConnectionPool } from './connection-pool';
import { receiveGuests, type RunningProxy } from './guest-server';
import { MysqlClient } from './mysql-client';
import { MysqlConnection } from './mysql-connection';
import { letMysqlIn } from './mysql-door';
import type { ProxyOptions } from './postgres-proxy';

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
  return receiveGuests(port, mostConnections, async (socket) => {
    const guest = await letMysqlIn(socket, options);
    if (guest === undefined) return;
    const { user, database, foundRows } = guest;
    new MysqlClient(guest, pool, JSON.stringify({ user, database, foundRows } satisfies Key));
  });
}
