/** Process of the local database: a real server behind a stand-in for RDS Proxy. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { startDatabaseControl } from './database-control';
import type { DatabaseServer } from './database-server';
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
  const { serverPort } = options;
  const serverOptions = { ...options, port: serverPort };
  if (options.engine === 'mysql') {
    const server = new MariadbServer(serverOptions);
    const { socketPath } = server;
    return { server, startProxy: () => startMysqlProxy({ ...proxyOptions(options, server), socketPath }) };
  }
  const server = new PostgresServer(serverOptions);
  return { server, startProxy: () => startPostgresProxy({ ...proxyOptions(options, server), serverPort }) };
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
    passwordOf: (user) => server.passwordOf(user),
  };
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
