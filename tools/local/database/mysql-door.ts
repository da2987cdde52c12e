import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import {
  BodyReader,
  capabilities,
  errorPacket,
  okPacket,
  packet,
  PacketReader,
  text,
  uint16,
  uint32,
  type Packet,
} from './mysql-wire';
import type { DoorKeys } from './postgres-door';

const clearPassword = 'mysql_clear_password';
const utf8mb4 = 45;

const offered =
  capabilities.longPassword |
  capabilities.foundRows |
  capabilities.connectWithDatabase |
  capabilities.protocol41 |
  capabilities.tls |
  capabilities.transactions |
  capabilities.secureConnection |
  capabilities.pluginAuthentication;

/** A client that was let in. */
export interface MysqlGuest {
  readonly stream: TLSSocket;
  readonly user: string;
  readonly database: string;
  /** Whether updates that change nothing count, which the client decides. */
  readonly foundRows: boolean;
}

/** Lets a client in that speaks TLS and shows a good token; tells any other why not, and gives undefined. */
export async function letMysqlIn(socket: Socket, keys: DoorKeys): Promise<MysqlGuest | undefined> {
  socket.write(greeting());
  const request = await nextPacket(socket);
  if ((request.body.readUInt32LE(0) & capabilities.tls) === 0) {
    socket.end(errorPacket(request.sequence + 1, 3159, 'HY000', 'This RDS Proxy requires TLS connections'));
    return undefined;
  }
  const stream = new TLSSocket(socket, { isServer: true, key: keys.key, cert: keys.certificate });
  stream.on('error', () => socket.destroy());
  const hello = await nextPacket(stream);
  const { user, database, foundRows } = readHello(hello.body);
  stream.write(packet(hello.sequence + 1, Buffer.from([0xfe]), text(clearPassword)));
  const answer = await nextPacket(stream);
  const password = answer.body.toString().replace(/\0$/, '');
  const refusal = await keys.refusal(user, password);
  if (refusal !== undefined) {
    const message = `Access denied for user '${user}': ${refusal}`;
    stream.end(errorPacket(answer.sequence + 1, 1045, '28000', message));
    return undefined;
  }
  stream.write(okPacket(answer.sequence + 1));
  return { stream, user, database, foundRows };
}

function greeting(): Buffer {
  const salt = randomBytes(20).map((byte) => (byte % 94) + 33);
  return packet(
    0,
    Buffer.from([10]),
    text('8.4.0'),
    uint32(1),
    Buffer.from(salt.subarray(0, 8)),
    Buffer.from([0]),
    uint16(offered & 0xffff),
    Buffer.from([utf8mb4]),
    uint16(2),
    uint16(offered >>> 16),
    Buffer.from([21]),
    Buffer.alloc(10),
    Buffer.from(salt.subarray(8)),
    Buffer.from([0]),
    text(clearPassword),
  );
}

function readHello(body: Buffer): { user: string; database: string; foundRows: boolean } {
  const reader = new BodyReader(body);
  const flags = reader.number(4);
  reader.bytes(28);
  const user = reader.text();
  reader.bytes(reader.number(1));
  const database = (flags & capabilities.connectWithDatabase) === 0 ? '' : reader.text();
  return { user, database, foundRows: (flags & capabilities.foundRows) !== 0 };
}

/** A client waits for an answer to each packet here, so nothing comes behind it but the start of TLS. */
function nextPacket(stream: Duplex): Promise<Packet> {
  const reader = new PacketReader();
  return new Promise((resolve, reject) => {
    const onData = (bytes: Buffer): void => {
      const [first] = reader.push(bytes);
      if (first === undefined) return;
      stream.off('data', onData);
      stream.pause();
      // What has come behind it is for the next reader.
      if (reader.left().length > 0) stream.unshift(reader.left());
      resolve(first);
    };
    stream.on('data', onData);
    stream.once('close', () => reject(new Error('the client has gone')));
    stream.resume();
  });
}
