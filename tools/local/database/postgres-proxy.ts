import { ConnectionPool } from './connection-pool';
import { receiveGuests, type RunningProxy } from './guest-server';
import { PostgresClient } from './postgres-client';
import { PostgresConnection } from './postgres-connection';
import { letIn, type DoorKeys } from './postgres-door';

export interface ProxyOptions extends DoorKeys {
  readonly port: number;
  /** Of the server. */
  readonly serverPort: number;
  readonly mostConnections: number;
  readonly borrowMilliseconds: number;
  /** What the proxy logs in to the server with. @throws Error where the user may not come by IAM */
  passwordOf(user: string): Promise<string>;
}

/** Stands in for RDS Proxy in front of PostgreSQL: its door, and connections shared at the ends of transactions. */
export async function startPostgresProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { port, serverPort, mostConnections, borrowMilliseconds } = options;
  const pool = new ConnectionPool<PostgresConnection>(mostConnections, borrowMilliseconds, async (key) => {
    const { user, database } = JSON.parse(key) as { user: string; database: string };
    return PostgresConnection.open(key, { user, database, password: await options.passwordOf(user) }, serverPort);
  });
  return receiveGuests(port, mostConnections, async (socket) => {
    const guest = await letIn(socket, options);
    if (guest === undefined) return;
    const { user, database } = guest;
    new PostgresClient(guest, pool, JSON.stringify({ user, database }));
  });
}
