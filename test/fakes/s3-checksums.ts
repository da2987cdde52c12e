import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export const checksumAlgorithms = ['CRC64NVME', 'CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** Checksum of a body in Base64, as S3 writes it. */
export function checksumOf(algorithm: ChecksumAlgorithm, body: Buffer): string {
  switch (algorithm) {
    case 'SHA1':
    case 'SHA256':
      return createHash(algorithm).update(body).digest('base64');
    case 'CRC32':
      return bigEndian(BigInt(crc32(body)), 4);
    case 'CRC32C':
      return bigEndian(crc(body, 0x82f63b78n, 32), 4);
    case 'CRC64NVME':
      return bigEndian(crc(body, 0x9a6c9329ac4bc9b5n, 64), 8);
  }
}

/** Checksum of a copy in parts where it is one of the parts' own, and their number. */
export function compositeOf(algorithm: ChecksumAlgorithm, parts: readonly Buffer[]): string {
  const digests = parts.map((part) => Buffer.from(checksumOf(algorithm, part), 'base64'));
  return `${checksumOf(algorithm, Buffer.concat(digests))}-${parts.length}`;
}

export function md5(body: Buffer): string {
  return createHash('md5').update(body).digest('hex');
}

/** ETag of an object that was uploaded in parts: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export function multipartEtag(parts: readonly Buffer[]): string {
  return `${md5(Buffer.concat(parts.map((part) => Buffer.from(md5(part), 'hex'))))}-${parts.length}`;
}

const tables = new Map<bigint, BigUint64Array>();

function tableOf(polynomial: bigint): BigUint64Array {
  const known = tables.get(polynomial);
  if (known !== undefined) return known;
  const table = BigUint64Array.from({ length: 256 }, (_, byte) => {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = (value & 1n) === 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    return value;
  });
  tables.set(polynomial, table);
  return table;
}

/** @param polynomial in its reflected form */
function crc(body: Buffer, polynomial: bigint, bits: number): bigint {
  const table = tableOf(polynomial);
  const ones = (1n << BigInt(bits)) - 1n;
  let value = ones;
  for (const byte of body) value = (value >> 8n) ^ (table[Number((value ^ BigInt(byte)) & 0xffn)] ?? 0n);
  return value ^ ones;
}

function bigEndian(value: bigint, bytes: number): string {
  return Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex').toString('base64');
}
