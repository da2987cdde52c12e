import { anchorOf, runbookEntries, runbookLink } from '../../../scenarios/shared/runbook-entries';

const markdown = `# Runbook: photos

## \`Resize\` errors

\`\`\`sh
npm run redrive
\`\`\`

\`\`\`
filter level = "ERROR"
| limit 5
\`\`\`

### Details

## Failures old
`;

test('an entry has its anchor and the queries among its blocks of code', () => {
  const query = 'filter level = "ERROR"\n| limit 5';
  expect(runbookEntries(markdown)).toEqual([
    { heading: '`Resize` errors', anchor: 'resize-errors', queries: [query] },
    { heading: 'Failures old', anchor: 'failures-old', queries: [] },
  ]);
});

test('an anchor keeps letters of any language, and hyphens', () => {
  expect(anchorOf(' Größe: S3 & dead-letters! ')).toBe('größe-s3--dead-letters');
});

test('an alarm links to the page of its architecture and an entry on it', () => {
  expect(runbookLink('It failed. What to do: docs/runbook/photos.md#failures-old')).toEqual({
    slug: 'photos',
    anchor: 'failures-old',
  });
  expect(runbookLink('It failed. What to do: docs/runbook.md#failures-old')).toBeUndefined();
});
