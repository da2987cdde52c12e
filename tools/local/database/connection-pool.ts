import { setTimeout as sleep } from 'node:timers/promises';

/** A connection to the server. */
export interface PooledConnection {
  /** Identifies user and database; a connection is lent only for its own key. */
  readonly key: string;
  readonly isOpen: boolean;
  /** Resolves once the server has closed its side too; the server counts the connection until then. */
  close(): Promise<void>;
}

/** Error for a login that another attempt would not change. */
export class LoginRefusedError extends Error {
  override readonly name = 'LoginRefusedError';
}

/** Error for a connection that was not available in time. */
export class BorrowTimeoutError extends Error {
  override readonly name = 'BorrowTimeoutError';
}

const retryMilliseconds = 50;

/** Connections to the server, at most as many as the target group allows, each lent for one transaction at a time. */
export class ConnectionPool<Connection extends PooledConnection> {
  /** Clients that have pinned a connection so far. */
  pinned = 0;
  private readonly idle: Connection[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly lent = new Set<Connection>();
  private opening = 0;
  private closing = 0;

  constructor(
    private readonly limit: number,
    private readonly borrowMilliseconds: number,
    private readonly open: (key: string) => Promise<Connection>,
  ) {}

  /** @throws BorrowTimeoutError, and at once a LoginRefusedError */
  async borrow(key: string): Promise<Connection> {
    const until = Date.now() + this.borrowMilliseconds;
    let reason = 'all connections are in use';
    for (;;) {
      const free = this.takeIdle(key);
      if (free !== undefined) return this.lend(free);
      if (this.reservePlace()) {
        try {
          return this.lend(await this.open(key));
        } catch (error) {
          if (error instanceof LoginRefusedError) throw error;
          // The server is down: try again until the time is over.
          reason = error instanceof Error ? error.message : String(error);
          await sleep(retryMilliseconds);
        } finally {
          this.opening -= 1;
          this.wakeNext();
        }
      } else {
        await this.wait(until - Date.now());
      }
      if (Date.now() >= until) {
        this.wakeNext();
        throw new BorrowTimeoutError(reason);
      }
    }
  }

  release(connection: Connection): void {
    if (!this.lent.delete(connection)) return;
    if (connection.isOpen) this.idle.push(connection);
    this.wakeNext();
  }

  /** Closes a borrowed connection that must not be reused. */
  discard(connection: Connection): void {
    if (this.lent.delete(connection)) this.close(connection);
  }

  /** Removes an idle connection that the server has closed. */
  removeIdle(connection: Connection): void {
    const index = this.idle.indexOf(connection);
    if (index >= 0) this.idle.splice(index, 1);
  }

  private lend(connection: Connection): Connection {
    this.lent.add(connection);
    return connection;
  }

  private takeIdle(key: string): Connection | undefined {
    const index = this.idle.findIndex((one) => one.key === key && one.isOpen);
    return index < 0 ? undefined : this.idle.splice(index, 1)[0];
  }

  /** Reserves a place for a new connection; without a free place, starts closing an idle connection of another key. */
  private reservePlace(): boolean {
    if (this.lent.size + this.idle.length + this.opening + this.closing >= this.limit) {
      const other = this.idle.shift();
      if (other !== undefined) this.close(other);
      return false;
    }
    this.opening += 1;
    return true;
  }

  private close(connection: Connection): void {
    this.closing += 1;
    void connection.close().then(() => {
      this.closing -= 1;
      this.wakeNext();
    });
  }

  private wakeNext(): void {
    this.waiting.shift()?.();
  }

  private wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const giveUp = (): void => {
        const index = this.waiting.indexOf(wake);
        if (index >= 0) this.waiting.splice(index, 1);
        resolve();
      };
      const timer = setTimeout(giveUp, Math.max(0, milliseconds));
      this.waiting.push(wake);
    });
  }
}
