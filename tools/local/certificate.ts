import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const dayMilliseconds = 86_400_000;
const validDays = 365;

/** Object identifiers of a server certificate (RFC 5280, RFC 5480), as DER contents. */
const identifiers = {
  commonName: [0x55, 0x04, 0x03],
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  keyUsage: [0x55, 0x1d, 0x0f],
  subjectAlternativeName: [0x55, 0x1d, 0x11],
  basicConstraints: [0x55, 0x1d, 0x13],
  extendedKeyUsage: [0x55, 0x1d, 0x25],
  serverAuthentication: [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01],
} as const;

/**
 * Creates a certificate for 127.0.0.1 and its key unless a valid one exists. Node can sign but not issue certificates, and a
 * machine need not have the `openssl` command, so the DER structures are written here.
 */
export function ensureCertificate(files: { certificate: string; key: string }, now: Date): void {
  if (isValid(files, now)) return;
  const { certificate, key } = issueCertificate(now);
  mkdirSync(dirname(files.certificate), { recursive: true });
  writeFileSync(files.key, key, { mode: 0o600 });
  writeFileSync(files.certificate, certificate);
}

/** Self-signed server certificate for 127.0.0.1, valid for a year, with its key, both as PEM. */
export function issueCertificate(now: Date): { certificate: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = sequence(objectIdentifier(identifiers.ecdsaWithSha256));
  const name = sequence(
    der(0x31, sequence(objectIdentifier(identifiers.commonName), der(0x0c, Buffer.from('local run')))),
  );
  const validity = sequence(
    time(new Date(now.getTime() - dayMilliseconds)),
    time(new Date(now.getTime() + validDays * dayMilliseconds)),
  );
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))), // Version 3.
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(15)])), // The serial number, positive.
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions())),
  );
  const signature = bitString(sign('sha256', body, privateKey));
  const base64 =
    sequence(body, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return {
    certificate: ['-----BEGIN CERTIFICATE-----', ...base64, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function extensions(): Buffer[] {
  const loopback = der(0x87, Buffer.from([127, 0, 0, 1]));
  const localhost = der(0x82, Buffer.from('localhost'));
  return [
    extension(identifiers.basicConstraints, true, sequence()), // Not an authority.
    extension(identifiers.keyUsage, true, der(0x03, Buffer.from([7, 0x80]))), // Digital signature.
    extension(identifiers.extendedKeyUsage, false, sequence(objectIdentifier(identifiers.serverAuthentication))),
    extension(identifiers.subjectAlternativeName, false, sequence(loopback, localhost)),
  ];
}

function isValid(files: { certificate: string; key: string }, now: Date): boolean {
  if (!existsSync(files.certificate) || !existsSync(files.key)) return false;
  try {
    const certificate = new X509Certificate(readFileSync(files.certificate));
    const ends = Date.parse(certificate.validTo);
    return certificate.checkIP('127.0.0.1') !== undefined && ends - now.getTime() > 7 * dayMilliseconds;
  } catch {
    return false;
  }
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...length(content.length)]), content]);
}

function length(bytes: number): number[] {
  if (bytes < 0x80) return [bytes];
  return bytes < 0x100 ? [0x81, bytes] : [0x82, bytes >> 8, bytes & 0xff];
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const integer = (value: Buffer): Buffer => der(0x02, value);
const bitString = (value: Buffer): Buffer => der(0x03, Buffer.from([0]), value);
const objectIdentifier = (content: readonly number[]): Buffer => der(0x06, Buffer.from(content));

function extension(identifier: readonly number[], critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der(0x01, Buffer.from([0xff]))] : [];
  return sequence(objectIdentifier(identifier), ...flag, der(0x04, value));
}

/** UTCTime, which RFC 5280 requires up to the year 2049. */
function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}
