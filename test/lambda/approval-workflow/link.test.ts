import { isPageToken, linkHash, linkOf, linkPattern, pageToken } from '../../../lambda/approval-workflow/link';

const link = linkOf(new Uint8Array(32).fill(7));

it('a link has 256 random bits, and its table only its hash', () => {
  expect(link).toMatch(linkPattern);
  expect(linkHash(link)).toMatch(/^[0-9a-f]{64}$/);
  expect(linkHash(link)).not.toContain(link);
});

it('a page token fits its link, request and round alone', () => {
  const token = pageToken(link, 'r-1', 1);
  expect(isPageToken(token, link, 'r-1', 1)).toBe(true);
  expect(isPageToken(token, link, 'r-1', 2)).toBe(false);
  expect(isPageToken(token, link, 'r-2', 1)).toBe(false);
  expect(isPageToken(token, linkOf(new Uint8Array(32)), 'r-1', 1)).toBe(false);
  expect(isPageToken('', link, 'r-1', 1)).toBe(false);
});
