import { createHash, createHmac } from 'node:crypto';

/** Content of a token, and the key that signs it. */
export interface TokenRequest {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly signedAt: Date;
}

/** Signs an RDS token with any date and any key; the SDK signs only valid ones. */
export function signToken(request: TokenRequest): string {
  const { host, port, user, accessKeyId, secretAccessKey, region, signedAt } = request;
  const time = signedAt.toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/${region}/rds-db/aws4_request`;
  const query = [
    ['Action', 'connect'],
    ['DBUser', user],
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${accessKeyId}/${scope}`],
    ['X-Amz-Date', time],
    ['X-Amz-Expires', '900'],
    ['X-Amz-SignedHeaders', 'host'],
  ]
    .map(([name = '', value = '']) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const canonical = ['GET', '/', query, `host:${host}:${port}`, '', 'host', hash('')].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, scope, hash(canonical)].join('\n');
  const key = scope.split('/').reduce<Buffer>(sign, Buffer.from(`AWS4${secretAccessKey}`));
  return `${host}:${port}/?${query}&X-Amz-Signature=${sign(key, text).toString('hex')}`;
}

function sign(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
