import type { ConnectionPool } from './connection-pool';
import { MysqlAnswer } from './mysql-answer';
import type { MysqlConnection } from './mysql-connection';
import type { MysqlGuest } from './mysql-door';
import { ProxyClient } from './proxy-client';
import { errorPacket, okPacket, packet, PacketReader, type Packet } from './mysql-wire';

const commands = { quit: 1, query: 3, ping: 14 } as const;

/** Statements that change a session: whoever sends one keeps its connection, as with the real proxy. */
const pinningStatement = /^\s*(set\s|lock\s+tables|prepare\s|create\s+temporary|select\s+get_lock)/i;

/** RDS's plugin is in no server but RDS's: users who would come by it get a password that nobody has. */
const iamPlugin = /identified\s+with\s+AWSAuthenticationPlugin\s+as\s+'RDS'/i;

/** The hash of no password, which marks users who come by IAM. */
export const iamMark = `*${'0'.repeat(40)}`;

/** Serves one client of MySQL's. */
export class MysqlClient extends ProxyClient<Packet, MysqlConnection> {
  private readonly reader = new PacketReader();
  private readonly waiting: Packet[] = [];
  private answer: MysqlAnswer | undefined;

  constructor({ stream }: MysqlGuest, pool: ConnectionPool<MysqlConnection>, key: string) {
    super(stream, pool, key);
    stream.on('data', (bytes: Buffer) => {
      this.waiting.push(...this.reader.push(bytes));
      this.next();
    });
    stream.resume();
  }

  /** Commands are done one after the other: each waits for the answer to the one before. */
  private next(): void {
    if (this.answer !== undefined || this.isBorrowing || this.isGone) return;
    const [command] = this.waiting;
    if (command === undefined) return;
    const { stream } = this;
    switch (command.body[0]) {
      case commands.quit:
        this.leave();
        return;
      case commands.ping:
        this.waiting.shift();
        stream.write(okPacket(1));
        this.next();
        return;
      case commands.query:
        if (this.connection === undefined) void this.borrow();
        else this.ask(this.connection);
        return;
      default:
        // Prepared statements among them: the functions send none.
        this.waiting.shift();
        stream.write(errorPacket(1, 1047, '08S01', 'Unknown command'));
        this.next();
    }
  }

  protected override begin(connection: MysqlConnection): void {
    connection.inTransaction = false;
    this.ask(connection);
  }

  protected override refusal(reason: string): Buffer {
    return errorPacket(1, 9501, 'HY000', reason);
  }

  private ask(connection: MysqlConnection): void {
    const command = this.waiting.shift();
    if (command === undefined) return;
    const statement = command.body.toString('utf8', 1);
    if (pinningStatement.test(statement)) this.isPinned = true;
    this.answer = new MysqlAnswer(connection.inTransaction);
    connection.send(iamPlugin.test(statement) ? withoutPlugin(statement) : command.whole);
  }

  protected override passOn(one: Packet, connection: MysqlConnection): void {
    this.stream.write(one.whole);
    if (this.answer?.take(one) !== true) return;
    const { inTransaction } = this.answer;
    this.answer = undefined;
    connection.inTransaction = inTransaction;
    if (!inTransaction && !this.isPinned) this.lendAgain(connection);
    this.next();
  }
}

function withoutPlugin(statement: string): Buffer {
  const own = statement.replace(iamPlugin, `identified via mysql_native_password using '${iamMark}'`);
  return packet(0, Buffer.from([commands.query]), Buffer.from(own));
}
