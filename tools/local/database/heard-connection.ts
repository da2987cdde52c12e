import type { Socket } from 'node:net';
import type { ServerConnection } from './connection-pool';

/** Puts messages together from the bytes as they come. */
interface MessageReader<Message> {
  push(bytes: Buffer): Iterable<Message>;
}

/** A connection to the server behind the proxy, once it is logged in: whoever has borrowed it hears what comes. */
export class HeardConnection<Message> implements ServerConnection {
  isOpen = true;
  private readonly closed: Promise<void>;
  private listener: ((one: Message) => void) | undefined;
  private onEnd: (() => void) | undefined;

  protected constructor(
    readonly key: string,
    private readonly socket: Socket,
    reader: MessageReader<Message>,
  ) {
    socket.on('data', (bytes: Buffer) => {
      for (const one of reader.push(bytes)) this.listener?.(one);
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.isOpen = false;
        this.onEnd?.();
        resolve();
      });
    });
  }

  /** Hears each message of the server's, and its end, until somebody else does. */
  hear(listener: (one: Message) => void, onEnd: () => void): void {
    this.listener = listener;
    this.onEnd = onEnd;
  }

  send(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** Nobody hears it any more. A server in the middle of a statement closes its side after that. */
  close(): Promise<void> {
    this.isOpen = false;
    this.listener = undefined;
    this.onEnd = undefined;
    this.socket.end();
    return this.closed;
  }
}
