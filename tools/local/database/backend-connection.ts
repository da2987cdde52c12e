import type { Socket } from 'node:net';
import type { PooledConnection } from './connection-pool';
import type { ServerLogin } from './database-server';
import type { FrameReader } from './frame-reader';

/** User and database that a client has logged in with; the proxy opens backend connections for the same ones. */
export interface Login {
  readonly user: string;
  readonly database: string;
  /** MySQL only: whether updates that change nothing count as affected rows. */
  readonly foundRows?: boolean;
}

export type BackendLogin = Login & ServerLogin;

/**
 * Logs in to the server.
 *
 * @param step handles a message of the server; returns true once the login is complete
 * @throws Error with the server's message, or Node's when there is no server
 */
export function logIn<Message>(
  socket: Socket,
  reader: FrameReader<Message>,
  step: (message: Message) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the server has closed the connection')));
    const onData = (bytes: Buffer): void => {
      try {
        for (const message of reader.push(bytes)) {
          if (!step(message)) continue;
          socket.off('data', onData);
          resolve();
        }
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    socket.on('data', onData);
  });
}

/** A logged-in connection between the proxy and the server; one client at a time receives its messages. */
export class BackendConnection<Message> implements PooledConnection {
  isOpen = true;
  private readonly closed: Promise<void>;
  private onMessage: ((message: Message) => void) | undefined;
  private onEnd: (() => void) | undefined;

  protected constructor(
    readonly key: string,
    private readonly socket: Socket,
    reader: FrameReader<Message>,
  ) {
    socket.on('data', (bytes: Buffer) => {
      for (const message of reader.push(bytes)) this.onMessage?.(message);
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.isOpen = false;
        this.onEnd?.();
        resolve();
      });
    });
  }

  /** Replaces the receiver of the server's messages and of the connection's end. */
  setListener(onMessage: (message: Message) => void, onEnd: () => void): void {
    this.onMessage = onMessage;
    this.onEnd = onEnd;
  }

  send(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** Closes the connection. A server in the middle of a statement closes its side after that statement. */
  close(): Promise<void> {
    this.isOpen = false;
    this.onMessage = undefined;
    this.onEnd = undefined;
    this.socket.end();
    return this.closed;
  }
}
