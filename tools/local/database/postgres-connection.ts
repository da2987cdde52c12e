import { connect } from 'node:net';
import { HeardConnection } from './heard-connection';
import { errorOf, message, MessageReader, startup, type Message } from './postgres-wire';

export interface ServerAddress {
  readonly port: number;
}

/** A connection to the server behind the proxy. */
export class PostgresConnection extends HeardConnection<Message> {
  /** @throws Error with the server's message, or Node's where there is no server */
  static open(key: string, login: Login, port: number): Promise<PostgresConnection> {
    const { user, database, password } = login;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const reader = new MessageReader();
    return new Promise((resolve, reject) => {
      socket.once('connect', () => socket.write(startup({ user, database, client_encoding: 'UTF8' })));
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the server has closed the connection')));
      const onData = (bytes: Buffer): void => {
        for (const { type, body } of reader.push(bytes)) {
          if (type === 'R' && body.readInt32BE() === 3) socket.write(message('p', Buffer.from(`${password}\0`)));
          if (type === 'E') reject(new Error(errorOf(body).text));
          if (type === 'Z') {
            socket.off('data', onData);
            resolve(new PostgresConnection(key, socket, reader));
          }
        }
      };
      socket.on('data', onData);
    });
  }
}

export interface Login {
  readonly user: string;
  readonly database: string;
  readonly password: string;
}
