import { anchorOf, runbookEntries } from '../../../scenarios/shared/runbook-entries';

const markdown = `# Runbook

## photos

### \`Resize\` errors

\`\`\`sh
npm run redrive
\`\`\`

\`\`\`
filter level = "ERROR"
| limit 5
\`\`\`

### Failures old

## orders

### Orders stuck
`;

test('an entry has its architecture, its anchor, and the queries among its blocks of code', () => {
  const query = 'filter level = "ERROR"\n| limit 5';
  expect(runbookEntries(markdown)).toEqual([
    { slug: 'photos', heading: '`Resize` errors', anchor: 'resize-errors', queries: [query] },
    { slug: 'photos', heading: 'Failures old', anchor: 'failures-old', queries: [] },
    { slug: 'orders', heading: 'Orders stuck', anchor: 'orders-stuck', queries: [] },
  ]);
});

test('an anchor keeps letters of any language, and hyphens', () => {
  expect(anchorOf(' Größe: S3 & dead-letters! ')).toBe('größe-s3--dead-letters');
});
