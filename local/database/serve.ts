/** The process of the local database: a real server and, in front of it, what stands in for RDS Proxy. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { startDatabaseControl, type ProxyGauge } from './database-control';
import type { DatabaseServer } from './database-server';
import { IamCallers } from './iam-callers';
import { startPostgresProxy } from './postgres-proxy';
import { PostgresServer } from './postgres-server';
import { servedDatabaseSchema, servingFile, type ServedDatabase, type Serving } from './served-database';

async function main(file: string): Promise<void> {
  const served = servedDatabaseSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const server = serverOf(served);
  process.once('SIGTERM', () => void server.stop().finally(() => process.exit(0)));
  await server.start();
  const proxy = await startProxy(served, server);
  const serving: Serving = { control: await startDatabaseControl(server, proxy) };
  const place = servingFile(served.folder);
  writeFileSync(`${place}.new`, JSON.stringify(serving), { mode: 0o600 });
  renameSync(`${place}.new`, place);
}

function serverOf(served: ServedDatabase): DatabaseServer {
  const options = { ...served, port: served.serverPort };
  if (served.engine === 'mysql') throw new Error('no server for mysql yet');
  return new PostgresServer(options);
}

async function startProxy(served: ServedDatabase, server: DatabaseServer): Promise<ProxyGauge> {
  const certificate = readFileSync(served.certificate, 'utf8');
  const key = readFileSync(served.key, 'utf8');
  const { callers: folder, endpoint, proxyPort: port, proxyId } = served;
  const callers = new IamCallers({ folder, endpoint, certificate, port, proxyId });
  return startPostgresProxy({
    port,
    serverPort: served.serverPort,
    certificate,
    key,
    mostConnections: served.mostConnections,
    borrowMilliseconds: served.borrowMilliseconds,
    refusal: async (user, password) => {
      const refusal = await callers.refusal(user, password, new Date());
      console.log(`${new Date().toISOString()} ${user}: ${refusal ?? 'let in'}`);
      return refusal;
    },
    passwordOf: (user) => server.passwordOf(user),
  });
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
