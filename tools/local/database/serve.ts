/** Process of the local database: a real server behind a stand-in for RDS Proxy. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { startDatabaseControl } from './database-control';
import { LoginRefusedError } from './connection-pool';
import type { DatabaseServer, ServerLogin } from './database-server';
import { IamAuthenticator } from './iam-authenticator';
import { MariadbServer } from './mariadb-server';
import { PostgresServer } from './postgres-server';
import { processOptionsSchema, readinessFile, type ProcessOptions, type Readiness } from './database-process';
import { startMysqlProxy, startPostgresProxy, type ProxyOptions, type RunningProxy } from './proxy';

async function main(file: string): Promise<void> {
  const options = processOptionsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const { server, startProxy } = createParts(options);
  process.once('SIGTERM', () => void server.stop().finally(() => process.exit(0)));
  await server.start();
  const proxy = await startProxy();
  const readiness: Readiness = { control: (await startDatabaseControl(server, proxy)).url };
  const target = readinessFile(options.folder);
  writeFileSync(`${target}.new`, JSON.stringify(readiness), { mode: 0o600 });
  renameSync(`${target}.new`, target);
}

function createParts(options: ProcessOptions): { server: DatabaseServer; startProxy: () => Promise<RunningProxy> } {
  const serverOptions = { ...options, port: options.serverPort };
  const server = options.engine === 'mysql' ? new MariadbServer(serverOptions) : new PostgresServer(serverOptions);
  const start = options.engine === 'mysql' ? startMysqlProxy : startPostgresProxy;
  return { server, startProxy: () => start(proxyOptions(options, server)) };
}

function proxyOptions(options: ProcessOptions, server: DatabaseServer): ProxyOptions {
  const certificate = readFileSync(options.certificate, 'utf8');
  const key = readFileSync(options.key, 'utf8');
  const { credentialsFolder, endpoint, proxyPort: port, proxyId, mostConnections, borrowMilliseconds } = options;
  const authenticator = new IamAuthenticator({ credentialsFolder, endpoint, certificate, port, proxyId });
  return {
    ...{ port, certificate, key, mostConnections, borrowMilliseconds },
    refusalReason: async (user, password) => {
      const reason = await authenticator.refusalReason(user, password, new Date());
      console.log(`${new Date().toISOString()} ${user}: ${reason ?? 'authenticated'}`);
      return reason;
    },
    serverLogin: (user) => serverLogin(options, server, user),
  };
}

/** Decides as RDS Proxy how a user logs in to the database: by IAM if its role may, or with the password that it knows. */
async function serverLogin(options: ProcessOptions, server: DatabaseServer, user: string): Promise<ServerLogin> {
  if (options.hasOwnerSecret && user === options.owner) return server.passwordLogin(options.ownerPassword);
  if (options.iamUsers.includes(user)) return server.iamLogin(user);
  throw new LoginRefusedError(`This RDS proxy has no credentials for the role ${user}`);
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
