import type { TLSSocket } from 'node:tls';
import type { BackendConnection } from './backend-connection';
import { BorrowTimeoutError, type ConnectionPool } from './connection-pool';

/**
 * Longest statement that does not pin its connection, in bytes. AWS documents the size of a statement's text; bind values of
 * PostgreSQL are sent apart from it, and are assumed not to count.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations
 */
export const longestStatementBytes = 16 * 1024;

/** One client of the proxy; a backend connection is borrowed for each of its transactions. */
export abstract class ProxyClient<Message, Connection extends BackendConnection<Message>> {
  protected connection: Connection | undefined;
  protected isBorrowing = false;
  protected hasLeft = false;
  /** Whether the client keeps its connection, as with the real proxy. */
  protected isPinned = false;

  constructor(
    protected readonly stream: TLSSocket,
    private readonly pool: ConnectionPool<Connection>,
    private readonly key: string,
  ) {
    stream.on('close', () => this.leave());
  }

  /** Sends the waiting messages over a newly borrowed connection. */
  protected abstract begin(connection: Connection): void;

  /** Forwards a message of the server, and releases the connection at the end of a transaction. */
  protected abstract forward(message: Message, connection: Connection): void;

  /** Returns an error message in the engine's protocol. */
  protected abstract errorMessage(reason: string): Buffer;

  protected pin(): void {
    if (this.isPinned) return;
    this.isPinned = true;
    this.pool.pinned += 1;
  }

  protected async borrow(): Promise<void> {
    this.isBorrowing = true;
    try {
      const connection = await this.pool.borrow(this.key);
      if (this.hasLeft) {
        this.release(connection);
        return;
      }
      this.connection = connection;
      connection.setListener(
        (message) => this.forward(message, connection),
        () => this.lose(connection),
      );
      this.begin(connection);
    } catch (error) {
      const reason =
        error instanceof BorrowTimeoutError
          ? 'Timed-out waiting to acquire database connection'
          : `Login to the database failed: ${error instanceof Error ? error.message : String(error)}`;
      this.hasLeft = true;
      this.stream.end(this.errorMessage(reason));
    } finally {
      this.isBorrowing = false;
    }
  }

  protected release(connection: Connection): void {
    this.connection = undefined;
    connection.setListener(
      () => undefined,
      () => this.pool.removeIdle(connection),
    );
    this.pool.release(connection);
  }

  protected leave(): void {
    if (this.hasLeft) return;
    this.hasLeft = true;
    this.stream.end();
    const { connection } = this;
    this.connection = undefined;
    // Closing the connection ends an open transaction or statement.
    if (connection !== undefined) this.pool.discard(connection);
  }

  /** Disconnects the client: a transaction cannot continue on another connection. */
  private lose(connection: Connection): void {
    this.connection = undefined;
    this.pool.discard(connection);
    this.stream.destroy();
  }
}
