import { createHash } from 'node:crypto';
import { answerPage, outdatedPage, requestPage, unknownPage } from '../../../lambda/approval-workflow/page';
import { record } from './sample-request';

const shown = requestPage(
  { ...record, purpose: '<img src=x onerror=alert(1)>\n"=1+1"' },
  'to"ken',
  record.expiresAt ?? '',
);

it('text of the requester is shown as text', () => {
  expect(shown.body).not.toContain('<img');
  expect(shown.body).toContain('&#60;img src&#61;x onerror&#61;alert(1)&#62;');
  expect(shown.body).toContain('value="to&#34;ken"');
});

it('no script runs and no other server is asked: the one style is named by its hash', () => {
  const policy = shown.headers['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  const [, style = ''] = /<style>([^]*)<\/style>/.exec(shown.body) ?? [];
  expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  expect(shown.body).not.toMatch(/<script|\sstyle=|\son\w+="|https?:/);
});

it.each([shown, answerPage('approved'), unknownPage(), outdatedPage()])(
  'no page is kept, and none gives its address on',
  (page) => {
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  },
);

it('the page says what, who, until when and how much, and has one button for each decision', () => {
  for (const text of ['data', 'ana', 't3.small', record.endsAt, '$10.00', '0 of 1']) {
    expect(shown.body).toContain(text);
  }
  expect(shown.body.match(/<button[^>]*>/g)).toEqual([
    '<button name="decision" value="approve">',
    '<button name="decision" value="refuse">',
  ]);
});

it.each([
  ['approved', 200],
  ['one-more', 200],
  ['refused', 200],
  ['already-decided', 409],
  ['already-yours', 409],
  ['expired', 410],
  ['not-yours', 403],
] as const)('the answer %s has the status %d', (answer, status) => {
  expect(answerPage(answer).statusCode).toBe(status);
});
