import { connect } from 'node:net';
import { HeardConnection } from './heard-connection';
import {
  BodyReader,
  capabilities,
  nativePassword,
  packet,
  PacketReader,
  text,
  uint32,
  type Packet,
} from './mysql-wire';

const native = 'mysql_native_password';
const largestPacket = 0x1000000;
const utf8mb4 = 45;

export interface MysqlLogin {
  readonly user: string;
  readonly database: string;
  readonly password: string;
  readonly foundRows: boolean;
}

/** A connection to the server behind the proxy. */
export class MysqlConnection extends HeardConnection<Packet> {
  inTransaction = false;

  /** @throws Error with the server's message, or Node's where there is no server */
  static open(key: string, login: MysqlLogin, socketPath: string): Promise<MysqlConnection> {
    const socket = connect({ path: socketPath });
    const reader = new PacketReader();
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the server has closed the connection')));
      let isGreeted = false;
      const onData = (bytes: Buffer): void => {
        for (const { body, sequence } of reader.push(bytes)) {
          if (body[0] === 0xff) reject(new Error(body.toString('utf8', 9)));
          else if (!isGreeted) socket.write(packet(sequence + 1, hello(login, saltOf(body))));
          else if (body[0] === 0xfe) socket.write(packet(sequence + 1, switched(login, body)));
          else {
            socket.off('data', onData);
            resolve(new MysqlConnection(key, socket, reader));
          }
          isGreeted = true;
        }
      };
      socket.on('data', onData);
    });
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

function hello({ user, database, password, foundRows }: MysqlLogin, salt: Buffer): Buffer {
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

/** The server asks for another way of authentication, with a salt of its own. */
function switched({ password }: MysqlLogin, body: Buffer): Buffer {
  const reader = new BodyReader(body, 1);
  reader.text();
  return nativePassword(password, reader.bytes(20));
}
