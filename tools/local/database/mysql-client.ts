import type { AuthenticatedClient } from './authentication';
import type { ConnectionPool } from './connection-pool';
import type { MysqlConnection } from './mysql-connection';
import { MysqlResponse } from './mysql-response';
import { longestStatementBytes, ProxyClient } from './proxy-client';
import { errorPacket, okPacket, packet, packetReader, type Packet } from './mysql-wire';

const commands = { quit: 1, query: 3, ping: 14 } as const;

/** Statements that change the session and pin the connection, as with the real proxy. */
const pinningStatement = /^\s*(set\s|lock\s+tables|prepare\s|create\s+temporary|select\s+get_lock)/i;

/** Only RDS's server has this plugin: users who would log in by it get a password that nobody knows. */
const iamPlugin = /identified\s+with\s+AWSAuthenticationPlugin\s+as\s+'RDS'/i;

/** Hash of no password, which marks the users who log in by IAM. */
export const iamMark = `*${'0'.repeat(40)}`;

/** Serves one MySQL client. */
export class MysqlClient extends ProxyClient<Packet, MysqlConnection> {
  private readonly reader = packetReader();
  private readonly waiting: Packet[] = [];
  private response: MysqlResponse | undefined;

  constructor({ stream }: AuthenticatedClient, pool: ConnectionPool<MysqlConnection>, key: string) {
    super(stream, pool, key);
    stream.on('data', (bytes: Buffer) => {
      this.waiting.push(...this.reader.push(bytes));
      this.next();
    });
    stream.resume();
  }

  /** Runs the next command once the response to the previous one is complete. */
  private next(): void {
    if (this.response !== undefined || this.isBorrowing || this.hasLeft) return;
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
        else this.sendNext(this.connection);
        return;
      default:
        // Includes prepared statements, which the functions do not use.
        this.waiting.shift();
        stream.write(errorPacket(1, 1047, '08S01', 'Unknown command'));
        this.next();
    }
  }

  protected override begin(connection: MysqlConnection): void {
    connection.inTransaction = false;
    this.sendNext(connection);
  }

  protected override errorMessage(reason: string): Buffer {
    return errorPacket(1, 9501, 'HY000', reason);
  }

  private sendNext(connection: MysqlConnection): void {
    const command = this.waiting.shift();
    if (command === undefined) return;
    const statement = command.body.toString('utf8', 1);
    const isLong = command.body.length - 1 > longestStatementBytes;
    if (isLong || pinningStatement.test(statement)) this.pin();
    this.response = new MysqlResponse(connection.inTransaction);
    connection.send(iamPlugin.test(statement) ? withoutPlugin(statement) : command.whole);
  }

  protected override forward(packet: Packet, connection: MysqlConnection): void {
    this.stream.write(packet.whole);
    if (this.response?.add(packet) !== true) return;
    const { inTransaction } = this.response;
    this.response = undefined;
    connection.inTransaction = inTransaction;
    if (!inTransaction && !this.isPinned) this.release(connection);
    this.next();
  }
}

function withoutPlugin(statement: string): Buffer {
  const rewritten = statement.replace(iamPlugin, `identified via mysql_native_password using '${iamMark}'`);
  return packet(0, Buffer.from([commands.query]), Buffer.from(rewritten));
}
