import { connect } from 'node:net';
import { BackendConnection, logIn, type BackendLogin } from './backend-connection';
import { LoginRefusedError } from './connection-pool';
import { errorOf, message, messageReader, startup, type Message } from './postgres-wire';

/** A connection of the proxy to PostgreSQL. */
export class PostgresConnection extends BackendConnection<Message> {
  /** @throws Error with the server's message, or Node's when there is no server */
  static async open(key: string, login: BackendLogin): Promise<PostgresConnection> {
    const { user, database, password = '', address } = login;
    const socket = connect({ noDelay: true, ...address });
    const reader = messageReader();
    socket.once('connect', () => socket.write(startup({ user, database, client_encoding: 'UTF8' })));
    await logIn(socket, reader, ({ type, body }) => {
      if (type === 'R' && body.readInt32BE() === 3) socket.write(message('p', Buffer.from(`${password}\0`)));
      if (type === 'E') throw errorFrom(body);
      return type === 'Z';
    });
    return new PostgresConnection(key, socket, reader);
  }
}

function errorFrom(body: Buffer): Error {
  const { code, text } = errorOf(body);
  return code.startsWith('28') ? new LoginRefusedError(text) : new Error(text);
}
