import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** 256 random bits as text of a URL: 43 characters. */
export const linkPattern = /^[\w-]{43}$/;

export function linkOf(random: Uint8Array): string {
  return Buffer.from(random).toString('base64url');
}

/** Key of a link in its table, which holds no link that opens a page. */
export function linkHash(link: string): string {
  return createHash('sha256').update(link).digest('hex');
}

/**
 * Token in the form of a page: a decision is about what was shown, and made on a page that this link opened.
 *
 * It is derived from the link, so that a scanner's GET changes nothing.
 */
export function pageToken(link: string, requestId: string, round: number): string {
  return createHmac('sha256', link).update(`${requestId}\n${round}`).digest('base64url');
}

export function isPageToken(token: string, link: string, requestId: string, round: number): boolean {
  const [given, expected] = [token, pageToken(link, requestId, round)].map((text) => Buffer.from(text));
  return given?.length === expected?.length && timingSafeEqual(given ?? Buffer.of(), expected ?? Buffer.of());
}
