import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Longest validity that RDS accepts. */
const longestSeconds = 900;

/** An RDS authentication token: a request to connect, signed in its own query (Signature Version 4). */
export interface Token {
  readonly accessKeyId: string;
  readonly sessionToken: string | undefined;
  readonly user: string;
  /** Includes the port. */
  readonly host: string;
  readonly scope: { readonly date: string; readonly region: string; readonly service: string };
  readonly signedAt: Date;
  readonly seconds: number;
  readonly signature: string;
  /** Query parameters other than the signature. */
  readonly signed: readonly (readonly [string, string])[];
}

/** Connection that a token must be issued for. */
export interface ExpectedConnection {
  readonly user: string;
  readonly port: number;
  readonly now: Date;
}

/** Returns undefined for text that is not a token, such as a password. */
export function parseToken(text: string): Token | undefined {
  if (!URL.canParse(`https://${text}`)) return undefined;
  const { host, searchParams: query } = new URL(`https://${text}`);
  const [accessKeyId = '', date = '', region = '', service = ''] = (query.get('X-Amz-Credential') ?? '').split('/');
  const signature = query.get('X-Amz-Signature');
  const time = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '');
  if (query.get('Action') !== 'connect' || signature === null || time === null) return undefined;
  const [, year, month, day, hour, minute, second] = time;
  const signedAt = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signedAt.getTime())) return undefined;
  return {
    accessKeyId,
    sessionToken: query.get('X-Amz-Security-Token') ?? undefined,
    user: query.get('DBUser') ?? '',
    host,
    scope: { date, region, service },
    signedAt,
    seconds: Number(query.get('X-Amz-Expires')),
    signature,
    signed: [...query].filter(([name]) => name !== 'X-Amz-Signature'),
  };
}

/** Returns the reason for refusing a token, or undefined for a valid one. */
export function tokenError(
  token: Token,
  secretAccessKey: string | undefined,
  expected: ExpectedConnection,
): string | undefined {
  if (token.user !== expected.user) return 'it is for another user';
  if (Number(token.host.split(':')[1] ?? 443) !== expected.port) return 'it is for another port';
  if (token.scope.service !== 'rds-db') return 'it is for another service';
  if (!(token.seconds > 0 && token.seconds <= longestSeconds)) return 'it is valid for longer than 15 minutes';
  if (expected.now.getTime() > token.signedAt.getTime() + token.seconds * 1_000) return 'it has expired';
  if (expected.now.getTime() < token.signedAt.getTime() - 300_000) return 'it is signed in the future';
  if (secretAccessKey === undefined) return 'its access key is unknown';
  const signature = Buffer.from(signatureOf(token, secretAccessKey));
  const given = Buffer.from(token.signature);
  const isRight = signature.length === given.length && timingSafeEqual(signature, given);
  return isRight ? undefined : 'its signature is wrong';
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export function signatureOf(token: Omit<Token, 'signature'>, secretAccessKey: string): string {
  const { date, region, service } = token.scope;
  const query = token.signed
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const time = token.signedAt.toISOString().replace(/[-:]|\.\d+/g, '');
  const canonical = ['GET', '/', query, `host:${token.host}`, '', 'host', sha256('')].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, text).toString('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
