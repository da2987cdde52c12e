import type { AuthenticatedClient } from './authentication';
import type { ConnectionPool } from './connection-pool';
import type { PostgresConnection } from './postgres-connection';
import { longestStatementBytes, ProxyClient } from './proxy-client';
import { fatal, messageReader, type Message } from './postgres-wire';

/** Statements that change the session and pin the connection, as with the real proxy. */
const pinningStatement =
  /^\s*(set\s+(?!local)|reset\b|listen\b|prepare\b|discard\b|create\s+temp|select\s+pg_advisory_lock)/i;

/** Serves one PostgreSQL client; its transaction ends when the server reports that it is idle. */
export class PostgresClient extends ProxyClient<Message, PostgresConnection> {
  private readonly reader = messageReader();
  private readonly waiting: Buffer[] = [];
  /** Number of "ready" messages that the server has still to send. */
  private expectedReady = 0;

  constructor({ stream, early }: AuthenticatedClient, pool: ConnectionPool<PostgresConnection>, key: string) {
    super(stream, pool, key);
    stream.on('data', (bytes: Buffer) => this.receive(bytes));
    if (early.length > 0) this.receive(early);
    stream.resume();
  }

  private receive(bytes: Buffer): void {
    for (const message of this.reader.push(bytes)) {
      if (message.type === 'X') {
        this.leave();
        return;
      }
      if (['Q', 'S', 'F'].includes(message.type)) this.expectedReady += 1;
      if (pins(message)) this.pin();
      this.waiting.push(message.whole);
    }
    if (this.connection !== undefined) this.begin(this.connection);
    else if (this.waiting.length > 0 && !this.isBorrowing) void this.borrow();
  }

  protected override begin(connection: PostgresConnection): void {
    connection.send(Buffer.concat(this.waiting.splice(0)));
  }

  protected override errorMessage(reason: string): Buffer {
    return fatal('XX000', reason);
  }

  protected override forward(message: Message, connection: PostgresConnection): void {
    this.stream.write(message.whole);
    if (message.type !== 'Z') return;
    this.expectedReady -= 1;
    const isIdle = message.body.toString() === 'I';
    if (!isIdle || this.expectedReady > 0 || this.isPinned || this.waiting.length > 0) return;
    this.release(connection);
  }
}

function pins({ type, body }: Message): boolean {
  if (type !== 'P' && type !== 'Q') return false;
  const nameEnd = type === 'P' ? body.indexOf(0) + 1 : 0;
  const statement = body.subarray(nameEnd, body.indexOf(0, nameEnd));
  // A named statement remains in its session.
  return nameEnd > 1 || statement.length > longestStatementBytes || pinningStatement.test(statement.toString());
}
