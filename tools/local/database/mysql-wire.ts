import { createHash } from 'node:crypto';
import { FrameReader } from './frame-reader';

/** A packet of MySQL's protocol. https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html */
export interface Packet {
  readonly sequence: number;
  readonly body: Buffer;
  /** The packet as received. */
  readonly whole: Buffer;
}

export const capabilities = {
  longPassword: 0x1,
  foundRows: 0x2,
  connectWithDatabase: 0x8,
  protocol41: 0x200,
  tls: 0x800,
  transactions: 0x2000,
  secureConnection: 0x8000,
  pluginAuthentication: 0x80000,
} as const;

export const status = { inTransaction: 0x1, moreResults: 0x8 } as const;

export function packetReader(): FrameReader<Packet> {
  return new FrameReader<Packet>({
    headLength: 4,
    size: (bytes) => 4 + bytes.readUIntLE(0, 3),
    parse: (whole) => ({ sequence: whole[3] ?? 0, body: whole.subarray(4), whole }),
  });
}

export function packet(sequence: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence & 0xff;
  return Buffer.concat([head, body]);
}

export function errorPacket(sequence: number, code: number, state: string, text: string): Buffer {
  return packet(sequence, Buffer.from([0xff]), uint16(code), Buffer.from(`#${state}${text}`));
}

/** OK packet: no rows affected, no transaction, autocommit. */
export function okPacket(sequence: number): Buffer {
  return packet(sequence, Buffer.from([0, 0, 0, 2, 0, 0, 0]));
}

export function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** Reads the fields of a packet's body in order. */
export class BodyReader {
  constructor(
    private readonly body: Buffer,
    private at = 0,
  ) {}

  text(): string {
    const end = this.body.indexOf(0, this.at);
    const value = this.body.toString('utf8', this.at, end < 0 ? undefined : end);
    this.at = end < 0 ? this.body.length : end + 1;
    return value;
  }

  bytes(count: number): Buffer {
    const value = this.body.subarray(this.at, this.at + count);
    this.at += count;
    return value;
  }

  number(bytes: number): number {
    return this.bytes(bytes).readUIntLE(0, bytes);
  }

  /** Reads a length-encoded integer. */
  lengthEncoded(): number {
    const first = this.number(1);
    const longer: Readonly<Record<number, number>> = { 0xfc: 2, 0xfd: 3 };
    if (first === 0xfe) return Number(this.bytes(8).readBigUInt64LE());
    return longer[first] === undefined ? first : this.number(longer[first]);
  }
}

/** `mysql_native_password`: SHA1(password) XOR SHA1(salt + SHA1(SHA1(password))). */
export function nativePassword(password: string, salt: Buffer): Buffer {
  const sha1 = (bytes: Buffer): Buffer => createHash('sha1').update(bytes).digest();
  const once = sha1(Buffer.from(password));
  const mask = sha1(Buffer.concat([salt, sha1(once)]));
  return Buffer.from(once.map((byte, index) => byte ^ (mask[index] ?? 0)));
}
