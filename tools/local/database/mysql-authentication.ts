import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { startTls, type AuthenticatedClient, type AuthenticationOptions } from './authentication';
import type { Login } from './backend-connection';
import {
  BodyReader,
  capabilities,
  errorPacket,
  okPacket,
  packet,
  packetReader,
  text,
  uint16,
  uint32,
  type Packet,
} from './mysql-wire';

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

/** Authenticates a client by TLS and an IAM token; sends any other client the reason and returns undefined. */
export async function authenticateMysql(
  socket: Socket,
  options: AuthenticationOptions,
): Promise<AuthenticatedClient | undefined> {
  socket.write(greeting());
  const request = await nextPacket(socket);
  if ((request.body.readUInt32LE(0) & capabilities.tls) === 0) {
    socket.end(errorPacket(request.sequence + 1, 3159, 'HY000', 'This RDS Proxy requires TLS connections'));
    return undefined;
  }
  const stream = startTls(socket, options);
  const response = await nextPacket(stream);
  const login = readLogin(response.body);
  stream.write(packet(response.sequence + 1, Buffer.from([0xfe]), text(clearPassword)));
  const answer = await nextPacket(stream);
  const password = answer.body.toString().replace(/\0$/, '');
  const reason = await options.refusalReason(login.user, password);
  if (reason !== undefined) {
    const message = `Access denied for user '${login.user}': ${reason}`;
    stream.end(errorPacket(answer.sequence + 1, 1045, '28000', message));
    return undefined;
  }
  stream.write(okPacket(answer.sequence + 1));
  return { stream, login, early: Buffer.alloc(0) };
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

function readLogin(body: Buffer): Login {
  const reader = new BodyReader(body);
  const flags = reader.number(4);
  reader.bytes(28);
  const user = reader.text();
  reader.bytes(reader.number(1));
  const database = (flags & capabilities.connectWithDatabase) === 0 ? '' : reader.text();
  return { user, database, foundRows: (flags & capabilities.foundRows) !== 0 };
}

/** During the login a client waits for the answer to each packet, so only the start of TLS can follow one. */
function nextPacket(stream: Duplex): Promise<Packet> {
  const reader = packetReader();
  return new Promise((resolve, reject) => {
    const onData = (bytes: Buffer): void => {
      const [first] = reader.push(bytes);
      if (first === undefined) return;
      stream.off('data', onData);
      stream.pause();
      // Bytes behind the packet are for the next reader.
      if (reader.remaining().length > 0) stream.unshift(reader.remaining());
      resolve(first);
    };
    stream.on('data', onData);
    stream.once('close', () => reject(new Error('the client has disconnected')));
    stream.resume();
  });
}
