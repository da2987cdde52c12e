import { createServer, type Socket } from 'node:net';
import type { ProxyGauge } from './database-control';

export interface RunningProxy extends ProxyGauge {
  /** Lets nobody in any more. */
  readonly stop: () => void;
}

/**
 * Listens for clients of a proxy on this machine alone.
 *
 * @param limit of connections to the database
 * @param receive what is done with a client; where it fails, the client is sent away
 */
export async function receiveGuests(
  port: number,
  limit: number,
  receive: (socket: Socket) => Promise<void>,
): Promise<RunningProxy> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    receive(socket).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const clients = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
  return { limit, clients, stop: () => void server.close() };
}
