import {
  contentOf,
  InvalidRequestError,
  parseExtension,
  parseForm,
  requestIdOf,
} from '../../../lambda/approval-workflow/form';
import { now } from './sample-request';

const offer = { sizes: ['small', 'large'], startScripts: ['none', 'docker'], maximumDays: 30 };
const form = { token: 'token-123', team: 'data', purpose: 'Tests', size: 'small', endsAt: '2026-11-28T10:00:00Z' };

const issuesOf = (change: object): readonly string[] => {
  try {
    parseForm({ ...form, ...change }, offer, now);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.issues;
    throw error;
  }
  return [];
};

it('a form without a start script has none', () => {
  expect(parseForm(form, offer, now)).toEqual({ ...form, startScript: 'none' });
});

it.each([
  [{ size: 'huge' }, 'size: use one of small, large'],
  [{ startScript: 'rm-rf' }, 'startScript: use one of none, docker'],
  [{ startScript: '#!/bin/sh' }, 'startScript: use 1 to 40 lower-case letters, digits and hyphens'],
  [{ endsAt: '2026-11-27T10:00:00Z' }, 'endsAt: use a time in the future'],
  [{ endsAt: '2026-12-27T10:00:01Z' }, 'endsAt: use a time within 30 days'],
  [{ endsAt: '2026-02-30T10:00:00Z' }, 'endsAt: use a time that exists'],
  [{ endsAt: '2026-11-28' }, 'endsAt: use a time such as 2027-01-31T18:00:00Z'],
  [{ purpose: 'x' }, 'purpose: use at least 3 characters'],
  [{ purpose: 'x'.repeat(501) }, 'purpose: use at most 500 characters'],
  [{ purpose: 'a\r\nBcc: all@example.com' }, 'purpose: use text without control characters'],
  [{ purpose: 'bold \u001b[1m' }, 'purpose: use text without control characters'],
  [{ purpose: 'turned \u202e around' }, 'purpose: use text without control characters'],
  [{ token: 'short' }, 'token: use 8 to 64 letters, digits, hyphens and underscores'],
  [{ person: 'ben' }, 'body: leave out the field that is not known'],
])('%j is refused by its place', (change, issue) => {
  expect(issuesOf(change)).toContain(issue);
});

it('a purpose may have lines, HTML and formulas: it is text everywhere', () => {
  expect(issuesOf({ purpose: 'a\n<script>alert(1)</script>\n=1+1' })).toEqual([]);
});

it('an extension ends after the current end', () => {
  const wanted = '2026-11-29T10:00:00Z';
  expect(parseExtension({ endsAt: wanted }, offer, now, form.endsAt)).toBe(wanted);
  expect(() => parseExtension({ endsAt: form.endsAt }, offer, now, form.endsAt)).toThrow('use a time after');
});

it('a repeated token of the same caller is the same request', () => {
  expect(requestIdOf('arn:a', 'token-123')).toMatch(/^r-[0-9a-f]{24}$/);
  expect(requestIdOf('arn:a', 'token-123')).toBe(requestIdOf('arn:a', 'token-123'));
  expect(requestIdOf('arn:b', 'token-123')).not.toBe(requestIdOf('arn:a', 'token-123'));
});

it('other content has another hash, the token aside', () => {
  const parsed = parseForm(form, offer, now);
  expect(contentOf({ ...parsed, token: 'token-456' })).toBe(contentOf(parsed));
  expect(contentOf({ ...parsed, purpose: 'Other tests' })).not.toBe(contentOf(parsed));
});
