import { BorrowTimeout, type ConnectionPool } from './connection-pool';
import type { PostgresConnection } from './postgres-connection';
import type { Guest } from './postgres-door';
import { fatal, MessageReader, type Message } from './postgres-wire';

/** Statements that change a session: whoever sends one keeps its connection, as with the real proxy. */
const pinningStatement =
  /^\s*(set\s+(?!local)|reset\b|listen\b|prepare\b|discard\b|create\s+temp|select\s+pg_advisory_lock)/i;

/**
 * Serves one client: each of its transactions is sent over a connection that is borrowed for it, and given back once the
 * server says that it is idle again.
 */
export class PostgresClient {
  private readonly reader = new MessageReader();
  private readonly waiting: Buffer[] = [];
  private connection: PostgresConnection | undefined;
  private isBorrowing = false;
  /** Answers "ready" that the server owes. */
  private owed = 0;
  private isGone = false;
  isPinned = false;

  constructor(
    private readonly guest: Guest,
    private readonly pool: ConnectionPool<PostgresConnection>,
    private readonly key: string,
  ) {
    const { stream } = guest;
    stream.on('data', (bytes: Buffer) => this.receive(bytes));
    stream.on('close', () => this.leave());
    if (guest.early.length > 0) this.receive(guest.early);
    stream.resume();
  }

  private receive(bytes: Buffer): void {
    for (const one of this.reader.push(bytes)) {
      if (one.type === 'X') {
        this.leave();
        return;
      }
      if (['Q', 'S', 'F'].includes(one.type)) this.owed += 1;
      if (pins(one)) this.isPinned = true;
      this.waiting.push(one.whole);
    }
    if (this.connection !== undefined) this.flush(this.connection);
    else if (this.waiting.length > 0 && !this.isBorrowing) void this.borrow();
  }

  private async borrow(): Promise<void> {
    this.isBorrowing = true;
    try {
      const connection = await this.pool.borrow(this.key);
      if (this.isGone) {
        lendAgain(this.pool, connection);
        return;
      }
      this.connection = connection;
      connection.hear(
        (one) => this.answer(one, connection),
        () => this.lose(connection),
      );
      this.flush(connection);
    } catch (error) {
      const reason =
        error instanceof BorrowTimeout ? 'Timed-out waiting to acquire database connection' : String(error);
      this.guest.stream.end(fatal('XX000', reason));
    } finally {
      this.isBorrowing = false;
    }
  }

  private flush(connection: PostgresConnection): void {
    connection.send(Buffer.concat(this.waiting.splice(0)));
  }

  private answer(one: Message, connection: PostgresConnection): void {
    this.guest.stream.write(one.whole);
    if (one.type !== 'Z') return;
    this.owed -= 1;
    const isIdle = one.body.toString() === 'I';
    if (!isIdle || this.owed > 0 || this.isPinned || this.waiting.length > 0) return;
    this.connection = undefined;
    lendAgain(this.pool, connection);
  }

  /** A transaction cannot go on over another connection, so its client is told by the end of its own. */
  private lose(connection: PostgresConnection): void {
    this.connection = undefined;
    this.pool.drop(connection);
    this.guest.stream.destroy();
  }

  private leave(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.guest.stream.end();
    const { connection } = this;
    this.connection = undefined;
    // Whatever it was in the middle of ends with its connection.
    if (connection !== undefined) this.pool.drop(connection);
  }
}

function lendAgain(pool: ConnectionPool<PostgresConnection>, connection: PostgresConnection): void {
  connection.hear(
    () => undefined,
    () => pool.forget(connection),
  );
  pool.giveBack(connection);
}

function pins({ type, body }: Message): boolean {
  // A statement that is given a name lives on in its session.
  if (type === 'P') return body[0] !== 0 || pinningStatement.test(body.subarray(1).toString());
  return type === 'Q' && pinningStatement.test(body.toString());
}
