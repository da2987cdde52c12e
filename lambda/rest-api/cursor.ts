import { createHmac, timingSafeEqual } from 'node:crypto';
import { ProblemError } from './problem';

/** Place in a caller's list: after a document, under a filter. */
export interface Place {
  readonly owner: string;
  readonly tag: string | undefined;
  readonly after: string;
}

/** Writes a cursor that only its owner can use, with the same filter, and that nobody can make. */
export function writeCursor(place: Place, key: string): string {
  return `${place.after}.${signature(place, key).toString('base64url')}`;
}

/**
 * Returns the id of the document after which the page begins.
 *
 * @throws ProblemError 400
 */
export function readCursor(text: string, place: Omit<Place, 'after'>, key: string): string {
  const [after = '', signed = ''] = text.split('.');
  const expected = signature({ ...place, after }, key);
  const received = Buffer.from(signed, 'base64url');
  if (received.length === expected.length && timingSafeEqual(received, expected)) return after;
  const errors = ['cursor: use the cursor of the previous page, with the same tag'];
  throw new ProblemError(400, 'the query is not valid', { errors });
}

function signature({ owner, tag, after }: Place, key: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([owner, tag ?? null, after]))
    .digest();
}
