import { createHash } from 'node:crypto';
import { dollars } from './cost';
import type { RequestRecord } from './request-record';
import type { DecisionAnswer } from './transitions';

export interface Response {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const style = `
:root { color-scheme: light dark; }
body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 0 auto; padding: 1rem; }
dt { font-weight: 600; }
dd { margin: 0 0 0.75rem; overflow-wrap: anywhere; white-space: pre-line; }
button { font: inherit; padding: 0.75rem 1.5rem; margin: 0.5rem 1rem 0.5rem 0; border: 2px solid; border-radius: 0.25rem;
  background: Canvas; color: CanvasText; cursor: pointer; }
button:focus-visible { outline: 3px solid; outline-offset: 3px; }
`;

/** No script, no picture, no other origin; the one style is named by its hash. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every page: it is kept nowhere, framed nowhere, and its address goes to no other server. */
const headers: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=31536000',
  'x-robots-tag': 'noindex',
};

/** Page with the request and the form that decides. */
export function requestPage(record: RequestRecord, token: string, expiresAt: string): Response {
  const what = record.round === 1 ? 'a machine' : 'an extension';
  const { needed = 1, approvedBy = [] } = record;
  const facts: [string, string][] = [
    ['Purpose', record.purpose],
    ['Team', record.team],
    ['Requester', record.person],
    ['Machine', `${record.size} (${record.instanceType})`],
    ['Start script', record.startScript],
    ['End', record.wantedEnd ?? record.endsAt],
    [record.round === 1 ? 'Estimated cost' : 'Estimated cost, with the time so far', dollars(record.estimateCents)],
    ['Approvals', `${approvedBy.length} of ${needed}`],
    ['Decide before', expiresAt],
  ];
  const list = facts.map(([name, value]) => `<dt>${name}</dt><dd>${escape(value)}</dd>`).join('');
  return page(
    200,
    `Approve ${what}?`,
    `<dl>${list}</dl>
<form method="post">
<input type="hidden" name="token" value="${escape(token)}">
<button name="decision" value="approve">Approve</button>
<button name="decision" value="refuse">Refuse</button>
</form>`,
  );
}

const answers: Readonly<Record<DecisionAnswer, readonly [status: number, title: string, text: string]>> = {
  approved: [200, 'Approved', 'Your approval is recorded. The request is approved.'],
  'one-more': [200, 'Approved', 'Your approval is recorded. One more approver has to agree.'],
  refused: [200, 'Refused', 'Your refusal is recorded. The request is refused.'],
  'already-yours': [409, 'Already decided', 'You have decided already. Your first decision is recorded.'],
  'already-decided': [409, 'Already decided', 'A decision is recorded already. Yours was not counted.'],
  expired: [410, 'Expired', 'The time to decide is over. The requester has to ask again.'],
  'not-yours': [403, 'Not yours to decide', 'You may not decide on this request.'],
};

export function answerPage(answer: DecisionAnswer): Response {
  const [status, title, text] = answers[answer];
  return page(status, title, `<p>${text}</p>`);
}

/** One page for every address that opens nothing, so that guesses learn nothing. */
export const unknownPage = (): Response =>
  page(
    404,
    'No such page',
    '<p>The link is not complete, or it is too old. Open the newest mail and use its link.</p>',
  );

export const outdatedPage = (): Response =>
  page(
    400,
    'Not recorded',
    '<p>The form was not complete, or the page is too old. Open the link again and decide there.</p>',
  );

function page(statusCode: number, title: string, content: string): Response {
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
  return { statusCode, headers, body };
}

function escape(text: string): string {
  return text.replace(/[&<>"'`=]/g, (character) => `&#${character.charCodeAt(0)};`);
}
