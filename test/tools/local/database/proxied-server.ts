import { createServer, type AddressInfo, type Socket } from 'node:net';
import { issueCertificate } from '../../../../tools/local/certificate';
import { LoginRefusedError } from '../../../../tools/local/database/connection-pool';
import type { ProxyOptions, RunningProxy } from '../../../../tools/local/database/proxy';
import { freePort } from '../../../../tools/local/ports';

const { certificate, key } = issueCertificate(new Date());

interface Client {
  end(): Promise<unknown>;
}

export interface ProxiedServer {
  readonly port: number;
  readonly certificate: string;
  readonly proxy: RunningProxy;
  /** Most connections to the server at a time so far. */
  readonly most: number;
  /** Returns the client, which ends after the test. */
  closing<C extends Client>(client: C): C;
}

/** Starts a server that plays a database, and before the tests of the file a proxy with two connections to it. */
export function proxiedServer(
  start: (options: ProxyOptions) => Promise<RunningProxy>,
  serve: (socket: Socket) => void,
): ProxiedServer {
  const clients: Client[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    started.most = Math.max(started.most, sockets.size);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    serve(socket);
  });
  const started = {
    ...{ port: 0, certificate, most: 0, proxy: undefined as unknown as RunningProxy },
    closing<C extends Client>(client: C): C {
      clients.push(client);
      return client;
    },
  };

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    started.port = await freePort();
    started.proxy = await start({
      ...{ port: started.port, certificate, key, mostConnections: 2, borrowMilliseconds: 200 },
      refusalReason: async (_, password) => (password === 'token' ? undefined : 'no token'),
      serverLogin: async (user) => {
        if (user === 'stranger') throw new LoginRefusedError('This RDS proxy has no credentials for the role stranger');
        return { address, password: 'kept' };
      },
    });
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
  });
  afterAll(() => {
    started.proxy.stop();
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return started;
}
