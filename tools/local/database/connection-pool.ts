import { setTimeout as sleep } from 'node:timers/promises';

/** A connection to the server, for one user and database. */
export interface ServerConnection {
  /** Of user and database. */
  readonly key: string;
  readonly isOpen: boolean;
  /** Ends once the server has closed its side too, until when the server counts it. */
  close(): Promise<void>;
}

/** Thrown when no connection was free in time. */
export class BorrowTimeout extends Error {
  override readonly name = 'BorrowTimeout';
}

interface Waiting {
  readonly wake: () => void;
}

const retryMilliseconds = 50;

/** As many connections to the server as the target group allows, lent to one client for one transaction at a time. */
export class ConnectionPool<Connection extends ServerConnection> {
  private readonly idle: Connection[] = [];
  private readonly queue: Waiting[] = [];
  private readonly lent = new Set<Connection>();
  private opening = 0;
  private closing = 0;

  constructor(
    private readonly limit: number,
    private readonly borrowMilliseconds: number,
    private readonly open: (key: string) => Promise<Connection>,
  ) {}

  /** @throws BorrowTimeout */
  async borrow(key: string): Promise<Connection> {
    const until = Date.now() + this.borrowMilliseconds;
    let reason = 'all connections are in use';
    for (;;) {
      const free = this.takeIdle(key);
      if (free !== undefined) return this.lend(free);
      if (this.makeRoom()) {
        try {
          return this.lend(await this.open(key));
        } catch (error) {
          // The server is away: it is asked again until the time is over.
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
        throw new BorrowTimeout(reason);
      }
    }
  }

  giveBack(connection: Connection): void {
    if (!this.lent.delete(connection)) return;
    if (connection.isOpen) this.idle.push(connection);
    this.wakeNext();
  }

  /** For a connection that was borrowed and is not to be used again. */
  drop(connection: Connection): void {
    if (this.lent.delete(connection)) this.close(connection);
  }

  /** For one that has ended by itself while it was idle. */
  forget(connection: Connection): void {
    const index = this.idle.indexOf(connection);
    if (index >= 0) this.idle.splice(index, 1);
    this.wakeNext();
  }

  private lend(connection: Connection): Connection {
    this.lent.add(connection);
    return connection;
  }

  private takeIdle(key: string): Connection | undefined {
    const index = this.idle.findIndex((one) => one.key === key && one.isOpen);
    return index < 0 ? undefined : this.idle.splice(index, 1)[0];
  }

  /** Counts a new connection in; where there is no room, an idle one of somebody else begins to make it. */
  private makeRoom(): boolean {
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
    this.queue.shift()?.wake();
  }

  private wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        wake: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(
        () => {
          const index = this.queue.indexOf(waiting);
          if (index >= 0) this.queue.splice(index, 1);
          resolve();
        },
        Math.max(0, milliseconds),
      );
      this.queue.push(waiting);
    });
  }
}
