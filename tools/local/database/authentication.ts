import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Login } from './backend-connection';

export interface AuthenticationOptions {
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  /** Returns the reason for refusing this password, or undefined for a valid one. */
  refusalReason(user: string, password: string): Promise<string | undefined>;
}

export interface AuthenticatedClient {
  readonly stream: TLSSocket;
  readonly login: Login;
  /** Bytes that the client sent behind its password. */
  readonly early: Buffer;
}

export function startTls(socket: Socket, { key, certificate }: AuthenticationOptions): TLSSocket {
  const stream = new TLSSocket(socket, { isServer: true, key, cert: certificate });
  stream.on('error', () => socket.destroy());
  return stream;
}
