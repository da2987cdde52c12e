import type { Socket } from 'node:net';
import type { AuthenticatedClient, AuthenticationOptions } from './authentication';
import type { BackendLogin, Login } from './backend-connection';
import { ConnectionPool, type PooledConnection } from './connection-pool';
import type { ServerLogin } from './database-server';
import { authenticateMysql } from './mysql-authentication';
import { MysqlClient } from './mysql-client';
import { MysqlConnection } from './mysql-connection';
import { authenticatePostgres } from './postgres-authentication';
import { PostgresClient } from './postgres-client';
import { PostgresConnection } from './postgres-connection';
import { listenForClients, type TcpListener } from './tcp-listener';

export interface ProxyOptions extends AuthenticationOptions {
  readonly port: number;
  readonly mostConnections: number;
  readonly borrowMilliseconds: number;
  /** Returns how a user logs in to the server. @throws LoginRefusedError if the user may not */
  serverLogin(user: string): Promise<ServerLogin>;
}

export interface RunningProxy extends TcpListener {
  /** Most connections to the server. */
  readonly limit: number;
  /** Returns the number of clients that have pinned a connection so far. */
  readonly pinned: () => number;
}

/** Differences between the engines. */
interface Engine<Connection extends PooledConnection> {
  authenticate(socket: Socket, options: AuthenticationOptions): Promise<AuthenticatedClient | undefined>;
  connect(key: string, login: BackendLogin): Promise<Connection>;
  serve(client: AuthenticatedClient, pool: ConnectionPool<Connection>, key: string): void;
}

/** Starts a stand-in for RDS Proxy in front of PostgreSQL. */
export function startPostgresProxy(options: ProxyOptions): Promise<RunningProxy> {
  return startProxy<PostgresConnection>(options, {
    authenticate: authenticatePostgres,
    connect: (key, login) => PostgresConnection.open(key, login),
    serve: (client, pool, key) => void new PostgresClient(client, pool, key),
  });
}

/** Starts a stand-in for RDS Proxy in front of MariaDB. */
export function startMysqlProxy(options: ProxyOptions): Promise<RunningProxy> {
  return startProxy<MysqlConnection>(options, {
    authenticate: authenticateMysql,
    connect: (key, login) => MysqlConnection.open(key, login),
    serve: (client, pool, key) => void new MysqlClient(client, pool, key),
  });
}

async function startProxy<Connection extends PooledConnection>(
  options: ProxyOptions,
  engine: Engine<Connection>,
): Promise<RunningProxy> {
  const { port, mostConnections, borrowMilliseconds } = options;
  const pool = new ConnectionPool<Connection>(mostConnections, borrowMilliseconds, async (key) => {
    const login = JSON.parse(key) as Login;
    return engine.connect(key, { ...login, ...(await options.serverLogin(login.user)) });
  });
  const listener = await listenForClients(port, async (socket) => {
    const client = await engine.authenticate(socket, options);
    if (client !== undefined) engine.serve(client, pool, JSON.stringify(client.login));
  });
  return { ...listener, limit: mostConnections, pinned: () => pool.pinned };
}
