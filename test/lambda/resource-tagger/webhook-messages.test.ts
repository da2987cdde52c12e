import { digestLines, renderDigest } from '../../../lambda/resource-tagger/webhook-messages';
import { aNotice } from './notices';

interface Slack {
  readonly text: string;
  readonly blocks: readonly { readonly text: { readonly type: string; readonly text: string } }[];
}
interface Card {
  readonly body: readonly {
    readonly type: string;
    readonly text?: string;
    readonly inlines?: readonly { readonly type: string; readonly text: string }[];
  }[];
}
const slackOf = (...args: Parameters<typeof digestLines>) => renderDigest('slack', ...args) as Slack;
const cardOf = (...args: Parameters<typeof digestLines>) =>
  (renderDigest('teams', ...args) as { attachments: [{ content: Card }] }).attachments[0].content;

/** Names that callers choose, for each reader that gives characters a meaning. */
const hostile = [
  '=HYPERLINK("https://evil.example")',
  '<script>alert(1)</script>',
  '<!channel> <@U123> <https://evil.example|ok> &lt;',
  '*b* _i_ `c` [a](https://evil.example) {{DATE(2026-01-01T00:00:00Z)}}',
  'a\u0000b\u001b[31m\r\n\u2028\u202e\u2066\ud800',
];

it.each(hostile)('%j in any field is text and nothing else', (name) => {
  const notice = aNotice('1', {
    creator: name,
    via: name,
    type: name,
    region: name,
    resources: [name, name],
    refused: { [name]: 1 },
    lacking: { [name]: 1 },
  });
  const { text, blocks } = slackOf([notice]);
  expect(text).toBe('1 new resource');
  for (const block of blocks) {
    expect(block.text.type).toBe('plain_text');
    expect(block.text.text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)|[\p{C}\p{Zl}\p{Zp}]/u);
  }
  const [headline, ...lines] = cardOf([notice]).body;
  expect(headline).toMatchObject({ type: 'TextBlock', text: '1 new resource' });
  for (const line of lines) {
    expect(line.text).toBeUndefined();
    expect(line.inlines).toMatchObject([{ type: 'TextRun' }]);
    expect(line.inlines?.[0]?.text).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  }
});

it('Slack gets its three control characters as entities', () => {
  expect(slackOf([aNotice('1', { creator: '<&>' })]).blocks[0]?.text.text).toContain('by &lt;&amp;&gt;');
});

it('a digest shows what went wrong first, and counts what has no line by type', () => {
  const notices = Array.from({ length: 30 }, (_, index) =>
    aNotice(String(index), { count: 2, type: index < 25 ? 'EC2 volume' : 'SQS queue' }),
  );
  const lines = digestLines([...notices, aNotice('last', { lacking: { team: 1 } })]);
  expect(lines).toHaveLength(21);
  expect(lines[0]).toContain('1 without team');
  expect(lines.at(-1)).toBe('and 22 more: 12 EC2 volume, 10 SQS queue');
  expect(slackOf(notices).text).toBe('60 new resources');
});

it('the largest digest fits into the 50 blocks of Slack and the 28 KB of Teams', () => {
  const wide = '\u{1f600}'.repeat(500);
  const notices = Array.from({ length: 100 }, (_, index) =>
    aNotice(`${index}`, { creator: wide, via: wide, resources: [wide, wide], refused: { [wide]: 1 }, count: 9 }),
  );
  expect(slackOf(notices).blocks.length).toBeLessThanOrEqual(50);
  const size = Buffer.byteLength(JSON.stringify(renderDigest('teams', notices)));
  expect(size).toBeGreaterThan(15_000);
  expect(size).toBeLessThan(28_000);
});
