import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import {
  askPassword,
  authenticated,
  ByteReader,
  fatal,
  message,
  parameterStatus,
  ready,
  startupParameters,
} from './postgres-wire';

const sslRequest = 80_877_103;

/** Options that RDS Proxy takes at startup; any other would be a setting of the session, which it cannot keep. */
const takenOptions = ['user', 'database', 'client_encoding', 'application_name'];

export interface DoorKeys {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  /** Why this password does not let this user in, or undefined where it does. */
  refusal(user: string, password: string): Promise<string | undefined>;
}

/** A client that was let in. */
export interface Guest {
  readonly stream: TLSSocket;
  readonly user: string;
  readonly database: string;
  /** What it has sent meanwhile. */
  readonly early: Buffer;
}

/** Lets a client in that speaks TLS and shows a good token; tells any other why not, and gives undefined. */
export async function letIn(socket: Socket, keys: DoorKeys): Promise<Guest | undefined> {
  const bare = new ByteReader(socket);
  const first = await bare.read(8);
  if (first.readInt32BE(4) !== sslRequest) {
    socket.end(fatal('28000', 'This RDS Proxy requires TLS connections'));
    return undefined;
  }
  bare.release();
  socket.write('S');
  const stream = new TLSSocket(socket, { isServer: true, key: keys.key, cert: keys.certificate });
  stream.on('error', () => socket.destroy());
  const reader = new ByteReader(stream);
  const { user = '', database = user, ...others } = await readStartup(reader);
  const refused = Object.keys(others).find((name) => !takenOptions.includes(name));
  if (refused !== undefined) {
    stream.end(fatal('0A000', `Feature not supported: RDS Proxy currently doesn't support the option ${refused}`));
    return undefined;
  }
  stream.write(askPassword);
  const head = await reader.read(5);
  const password = (await reader.read(head.readInt32BE(1) - 4)).toString().replace(/\0$/, '');
  const refusal = await keys.refusal(user, password);
  if (refusal !== undefined) {
    stream.end(fatal('28P01', `The IAM authentication failed for the role ${user}: ${refusal}`));
    return undefined;
  }
  stream.write(Buffer.concat([authenticated, ...session, ready()]));
  return { stream, user, database, early: reader.release() };
}

/** What drivers ask to know of a session. */
const session = [
  parameterStatus('server_version', '17.0'),
  parameterStatus('client_encoding', 'UTF8'),
  parameterStatus('DateStyle', 'ISO, MDY'),
  parameterStatus('TimeZone', 'UTC'),
  parameterStatus('integer_datetimes', 'on'),
  parameterStatus('standard_conforming_strings', 'on'),
  // A number and a secret for cancelling, which leads nowhere here.
  message('K', Buffer.alloc(8)),
];

async function readStartup(reader: ByteReader): Promise<Record<string, string>> {
  const length = (await reader.read(4)).readInt32BE();
  return startupParameters(await reader.read(length - 4));
}
