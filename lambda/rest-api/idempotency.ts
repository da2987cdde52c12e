import { createHash } from 'node:crypto';
import { ProblemError } from './problem';
import type { NewDocument } from './schemas';

/** Hours in which a request with the same key gets the same answer. */
export const idempotencyHours = 24;

/**
 * Returns the value of the header, undefined without one.
 *
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 *
 * @throws ProblemError 400
 */
export function idempotencyKeyOf(headers: ReadonlyMap<string, string>): string | undefined {
  const key = headers.get('idempotency-key');
  if (key === undefined || /^[!-~]{1,255}$/.test(key)) return key;
  throw new ProblemError(400, 'Idempotency-Key is not valid: use 1 to 255 visible ASCII characters, such as a UUID');
}

/** Hash of what a request asks for; its values, not its spelling. */
export function fingerprintOf({ title, contentType, bytes, tags = [] }: NewDocument): string {
  return createHash('sha256')
    .update(JSON.stringify([title, contentType, bytes, tags]))
    .digest('base64url');
}
