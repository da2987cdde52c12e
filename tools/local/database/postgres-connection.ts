import { connect } from 'node:net';
import { BackendConnection, logIn, type BackendLogin } from './backend-connection';
import { errorOf, message, messageReader, startup, type Message } from './postgres-wire';

/** A connection of the proxy to PostgreSQL. */
export class PostgresConnection extends BackendConnection<Message> {
  /** @throws Error with the server's message, or Node's when there is no server */
  static async open(key: string, login: BackendLogin, port: number): Promise<PostgresConnection> {
    const { user, database, password } = login;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const reader = messageReader();
    socket.once('connect', () => socket.write(startup({ user, database, client_encoding: 'UTF8' })));
    await logIn(socket, reader, ({ type, body }) => {
      if (type === 'R' && body.readInt32BE() === 3) socket.write(message('p', Buffer.from(`${password}\0`)));
      if (type === 'E') throw new Error(errorOf(body).text);
      return type === 'Z';
    });
    return new PostgresConnection(key, socket, reader);
  }
}
