import type { TLSSocket } from 'node:tls';
import { BorrowTimeout, type ConnectionPool } from './connection-pool';
import type { HeardConnection } from './heard-connection';

/** One client of the proxy: each of its transactions goes over a connection that is borrowed for it. */
export abstract class ProxyClient<Message, Connection extends HeardConnection<Message>> {
  protected connection: Connection | undefined;
  protected isBorrowing = false;
  protected isGone = false;
  /** Has changed its session, and so keeps its connection, as with the real proxy. */
  protected isPinned = false;

  constructor(
    protected readonly stream: TLSSocket,
    private readonly pool: ConnectionPool<Connection>,
    private readonly key: string,
  ) {
    stream.on('close', () => this.leave());
  }

  /** Sends what waits, now that there is a connection for it. */
  protected abstract begin(connection: Connection): void;

  /** Passes on what the server says, and lends the connection again at the end of a transaction. */
  protected abstract passOn(one: Message, connection: Connection): void;

  /** The engine's words for why it cannot go on. */
  protected abstract refusal(reason: string): Buffer;

  protected async borrow(): Promise<void> {
    this.isBorrowing = true;
    try {
      const connection = await this.pool.borrow(this.key);
      if (this.isGone) {
        this.lendAgain(connection);
        return;
      }
      this.connection = connection;
      connection.hear(
        (one) => this.passOn(one, connection),
        () => this.lose(connection),
      );
      this.begin(connection);
    } catch (error) {
      const reason =
        error instanceof BorrowTimeout ? 'Timed-out waiting to acquire database connection' : String(error);
      this.isGone = true;
      this.stream.end(this.refusal(reason));
    } finally {
      this.isBorrowing = false;
    }
  }

  protected lendAgain(connection: Connection): void {
    this.connection = undefined;
    connection.hear(
      () => undefined,
      () => this.pool.forget(connection),
    );
    this.pool.giveBack(connection);
  }

  protected leave(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.stream.end();
    const { connection } = this;
    this.connection = undefined;
    // Whatever it was in the middle of ends with its connection.
    if (connection !== undefined) this.pool.drop(connection);
  }

  /** A transaction cannot go on over another connection, so its client is told by the end of its own. */
  private lose(connection: Connection): void {
    this.connection = undefined;
    this.pool.drop(connection);
    this.stream.destroy();
  }
}
