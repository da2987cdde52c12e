import { createServer, type Socket } from 'node:net';

export interface TcpListener {
  /** Returns the number of connected clients. */
  readonly clients: () => Promise<number>;
  /** Accepts no further clients. */
  readonly stop: () => void;
}

/**
 * Listens on the loopback interface.
 *
 * @param serve handles a client; when it fails, the client is disconnected
 */
export async function listenForClients(port: number, serve: (socket: Socket) => Promise<void>): Promise<TcpListener> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    serve(socket).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const clients = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
  return { clients, stop: () => void server.close() };
}
