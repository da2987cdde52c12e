import type { Duplex } from 'node:stream';
import { FrameReader } from './frame-reader';

/** A message of PostgreSQL's protocol. https://www.postgresql.org/docs/current/protocol-message-formats.html */
export interface Message {
  /** One letter. */
  readonly type: string;
  readonly body: Buffer;
  /** The message as received. */
  readonly whole: Buffer;
}

export function messageReader(): FrameReader<Message> {
  return new FrameReader<Message>({
    headLength: 5,
    size: (bytes) => 1 + bytes.readInt32BE(1),
    parse: (whole) => ({ type: String.fromCharCode(whole[0] ?? 0), body: whole.subarray(5), whole }),
  });
}

/** Reads a given number of bytes from a stream, for the startup phase before regular messages. */
export class ByteReader {
  private rest: Buffer = Buffer.alloc(0);
  private waiting: { readonly bytes: number; readonly resolve: (bytes: Buffer) => void } | undefined;
  private readonly onData = (bytes: Buffer): void => {
    this.rest = Buffer.concat([this.rest, bytes]);
    this.serve();
  };

  constructor(private readonly stream: Duplex) {
    stream.on('data', this.onData);
  }

  /** Never settles if the stream ends first. */
  read(bytes: number): Promise<Buffer> {
    return new Promise((resolve) => {
      this.waiting = { bytes, resolve };
      this.serve();
    });
  }

  /** Stops reading, pauses the stream, and returns the unread bytes. */
  release(): Buffer {
    this.stream.off('data', this.onData);
    this.stream.pause();
    return this.rest;
  }

  private serve(): void {
    const { waiting } = this;
    if (waiting === undefined || this.rest.length < waiting.bytes) return;
    this.waiting = undefined;
    const bytes = this.rest.subarray(0, waiting.bytes);
    this.rest = this.rest.subarray(waiting.bytes);
    waiting.resolve(bytes);
  }
}

export function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export function startup(parameters: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}\0${value}\0`);
  const body = Buffer.concat([int32(196_608), Buffer.from(`${pairs.join('')}\0`)]);
  return Buffer.concat([int32(body.length + 4), body]);
}

/** A fatal error with an SQLSTATE code. */
export function fatal(code: string, text: string): Buffer {
  return message('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`));
}

/** Requests the password in clear text, which is safe inside TLS. */
export const askPassword = message('R', int32(3));
export const authenticated = message('R', int32(0));

export function ready(): Buffer {
  return message('Z', Buffer.from('I'));
}

export function parameterStatus(name: string, value: string): Buffer {
  return message('S', Buffer.from(`${name}\0${value}\0`));
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** Returns the parameters of a startup message, which follow its version. */
export function startupParameters(body: Buffer): Record<string, string> {
  const texts = body.subarray(4).toString().split('\0');
  const parameters: Record<string, string> = {};
  for (let index = 0; index + 1 < texts.length; index += 2) {
    const name = texts[index] ?? '';
    if (name !== '') parameters[name] = texts[index + 1] ?? '';
  }
  return parameters;
}

/** Returns the code (field C) and text (field M) of an error message. */
export function errorOf(body: Buffer): { code: string; text: string } {
  const fields = new Map(
    body
      .toString()
      .split('\0')
      .map((field) => [field[0] ?? '', field.slice(1)]),
  );
  return { code: fields.get('C') ?? '', text: fields.get('M') ?? '' };
}
