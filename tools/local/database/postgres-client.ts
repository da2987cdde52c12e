import type { ConnectionPool } from './connection-pool';
import type { PostgresConnection } from './postgres-connection';
import type { Guest } from './postgres-door';
import { ProxyClient } from './proxy-client';
import { fatal, MessageReader, type Message } from './postgres-wire';

/** Statements that change a session: whoever sends one keeps its connection, as with the real proxy. */
const pinningStatement =
  /^\s*(set\s+(?!local)|reset\b|listen\b|prepare\b|discard\b|create\s+temp|select\s+pg_advisory_lock)/i;

/** Serves one client of PostgreSQL's; its transaction is over once the server says that it is idle again. */
export class PostgresClient extends ProxyClient<Message, PostgresConnection> {
  private readonly reader = new MessageReader();
  private readonly waiting: Buffer[] = [];
  /** Answers "ready" that the server owes. */
  private owed = 0;

  constructor({ stream, early }: Guest, pool: ConnectionPool<PostgresConnection>, key: string) {
    super(stream, pool, key);
    stream.on('data', (bytes: Buffer) => this.receive(bytes));
    if (early.length > 0) this.receive(early);
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
    if (this.connection !== undefined) this.begin(this.connection);
    else if (this.waiting.length > 0 && !this.isBorrowing) void this.borrow();
  }

  protected override begin(connection: PostgresConnection): void {
    connection.send(Buffer.concat(this.waiting.splice(0)));
  }

  protected override refusal(reason: string): Buffer {
    return fatal('XX000', reason);
  }

  protected override passOn(one: Message, connection: PostgresConnection): void {
    this.stream.write(one.whole);
    if (one.type !== 'Z') return;
    this.owed -= 1;
    const isIdle = one.body.toString() === 'I';
    if (!isIdle || this.owed > 0 || this.isPinned || this.waiting.length > 0) return;
    this.lendAgain(connection);
  }
}

function pins({ type, body }: Message): boolean {
  // A statement that is given a name lives on in its session.
  if (type === 'P') return body[0] !== 0 || pinningStatement.test(body.subarray(1).toString());
  return type === 'Q' && pinningStatement.test(body.toString());
}
