/** The process of the local database: a real server and, in front of it, what stands in for RDS Proxy. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { startDatabaseControl, type ProxyGauge } from './database-control';
import type { DatabaseServer } from './database-server';
import { IamCallers } from './iam-callers';
import { MariadbServer } from './mariadb-server';
import { startMysqlProxy } from './mysql-proxy';
import { startPostgresProxy } from './postgres-proxy';
import { PostgresServer } from './postgres-server';
import { servedDatabaseSchema, servingFile, type ServedDatabase, type Serving } from './served-database';

async function main(file: string): Promise<void> {
  const served = servedDatabaseSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const { server, startProxy } = partsOf(served);
  process.once('SIGTERM', () => void server.stop().finally(() => process.exit(0)));
  await server.start();
  const proxy = await startProxy();
  const serving: Serving = { control: (await startDatabaseControl(server, proxy)).url };
  const place = servingFile(served.folder);
  writeFileSync(`${place}.new`, JSON.stringify(serving), { mode: 0o600 });
  renameSync(`${place}.new`, place);
}

/** The server of the engine, and how the proxy is put in front of it. */
function partsOf(served: ServedDatabase): { server: DatabaseServer; startProxy: () => Promise<ProxyGauge> } {
  const options = { ...served, port: served.serverPort };
  if (served.engine === 'mysql') {
    const server = new MariadbServer(options);
    const { socketPath } = server;
    return { server, startProxy: () => startMysqlProxy({ ...proxyOptions(served, server), socketPath }) };
  }
  const server = new PostgresServer(options);
  const { serverPort } = served;
  return { server, startProxy: () => startPostgresProxy({ ...proxyOptions(served, server), serverPort }) };
}

function proxyOptions(served: ServedDatabase, server: DatabaseServer) {
  const certificate = readFileSync(served.certificate, 'utf8');
  const key = readFileSync(served.key, 'utf8');
  const { callers: folder, endpoint, proxyPort: port, proxyId, mostConnections, borrowMilliseconds } = served;
  const callers = new IamCallers({ folder, endpoint, certificate, port, proxyId });
  return {
    ...{ port, certificate, key, mostConnections, borrowMilliseconds },
    refusal: async (user: string, password: string) => {
      const refusal = await callers.refusal(user, password, new Date());
      console.log(`${new Date().toISOString()} ${user}: ${refusal ?? 'let in'}`);
      return refusal;
    },
    passwordOf: (user: string) => server.passwordOf(user),
  };
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
