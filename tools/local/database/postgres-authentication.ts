import type { Socket } from 'node:net';
import { startTls, type AuthenticatedClient, type AuthenticationOptions } from './authentication';
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

/** Startup options that RDS Proxy supports; any other would be a session setting, which it cannot keep. */
const supportedOptions = ['user', 'database', 'client_encoding', 'application_name'];

/** Authenticates a client by TLS and an IAM token; sends any other client the reason and returns undefined. */
export async function authenticatePostgres(
  socket: Socket,
  options: AuthenticationOptions,
): Promise<AuthenticatedClient | undefined> {
  const plain = new ByteReader(socket);
  const first = await plain.read(8);
  if (first.readInt32BE(4) !== sslRequest) {
    socket.end(fatal('28000', 'This RDS Proxy requires TLS connections'));
    return undefined;
  }
  plain.release();
  socket.write('S');
  const stream = startTls(socket, options);
  const reader = new ByteReader(stream);
  const { user = '', database = user, ...others } = await readStartup(reader);
  const unsupported = Object.keys(others).find((name) => !supportedOptions.includes(name));
  if (unsupported !== undefined) {
    stream.end(fatal('0A000', `Feature not supported: RDS Proxy currently doesn't support the option ${unsupported}`));
    return undefined;
  }
  stream.write(askPassword);
  const head = await reader.read(5);
  const password = (await reader.read(head.readInt32BE(1) - 4)).toString().replace(/\0$/, '');
  const reason = await options.refusalReason(user, password);
  if (reason !== undefined) {
    stream.end(fatal('28P01', `The IAM authentication failed for the role ${user}: ${reason}`));
    return undefined;
  }
  stream.write(Buffer.concat([authenticated, ...sessionParameters, ready()]));
  return { stream, login: { user, database }, early: reader.release() };
}

/** Session parameters that drivers expect after a login. */
const sessionParameters = [
  parameterStatus('server_version', '17.0'),
  parameterStatus('client_encoding', 'UTF8'),
  parameterStatus('DateStyle', 'ISO, MDY'),
  parameterStatus('TimeZone', 'UTC'),
  parameterStatus('integer_datetimes', 'on'),
  parameterStatus('standard_conforming_strings', 'on'),
  // Key for cancel requests, which are not supported here.
  message('K', Buffer.alloc(8)),
];

async function readStartup(reader: ByteReader): Promise<Record<string, string>> {
  const length = (await reader.read(4)).readInt32BE();
  return startupParameters(await reader.read(length - 4));
}
