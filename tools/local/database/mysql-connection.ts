import { connect } from 'node:net';
import { BackendConnection, logIn, type BackendLogin } from './backend-connection';
import {
  BodyReader,
  capabilities,
  nativePassword,
  packet,
  packetReader,
  text,
  uint32,
  type Packet,
} from './mysql-wire';

const native = 'mysql_native_password';
const largestPacket = 0x1000000;
const utf8mb4 = 45;

/** A connection of the proxy to MariaDB. */
export class MysqlConnection extends BackendConnection<Packet> {
  inTransaction = false;

  /** @throws Error with the server's message, or Node's when there is no server */
  static async open(key: string, login: BackendLogin): Promise<MysqlConnection> {
    const socket = connect(login.address);
    const reader = packetReader();
    let isGreeted = false;
    await logIn(socket, reader, ({ body, sequence }) => {
      if (body[0] === 0xff) throw new Error(body.toString('utf8', 9));
      const isGreeting = !isGreeted;
      isGreeted = true;
      if (isGreeting) socket.write(packet(sequence + 1, handshakeResponse(login, saltOf(body))));
      else if (body[0] === 0xfe) socket.write(packet(sequence + 1, authSwitchResponse(login, body)));
      else return true;
      return false;
    });
    return new MysqlConnection(key, socket, reader);
  }
}

function saltOf(greeting: Buffer): Buffer {
  const reader = new BodyReader(greeting, 1);
  reader.text();
  reader.bytes(4);
  const first = reader.bytes(8);
  reader.bytes(1 + 2 + 1 + 2 + 2 + 1 + 10);
  return Buffer.concat([first, reader.bytes(12)]);
}

function handshakeResponse({ user, database, password = '', foundRows = false }: BackendLogin, salt: Buffer): Buffer {
  const flags =
    capabilities.longPassword |
    capabilities.protocol41 |
    capabilities.transactions |
    capabilities.secureConnection |
    capabilities.pluginAuthentication |
    (database === '' ? 0 : capabilities.connectWithDatabase) |
    (foundRows ? capabilities.foundRows : 0);
  const answer = nativePassword(password, salt);
  return Buffer.concat([
    uint32(flags),
    uint32(largestPacket),
    Buffer.from([utf8mb4]),
    Buffer.alloc(23),
    text(user),
    Buffer.from([answer.length]),
    answer,
    database === '' ? Buffer.alloc(0) : text(database),
    text(native),
  ]);
}

/** Response to the server's switch to another authentication method, which has its own salt. */
function authSwitchResponse({ password = '' }: BackendLogin, body: Buffer): Buffer {
  const reader = new BodyReader(body, 1);
  reader.text();
  return nativePassword(password, reader.bytes(20));
}
