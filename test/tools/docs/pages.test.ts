import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pagesOf, stalePages, writePages } from '../../../tools/docs/pages';

const pages = pagesOf({
  ...{ kind: 'costs', index: ['# Costs'] },
  architectures: [{ slug: 'orders', lines: ['$1', ''] }],
});

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pages-'));
});

it('pages that are missing are stale, and none is once they are written', () => {
  expect(stalePages(root, pages)).toEqual(['docs/costs/README.md', 'docs/costs/orders.md']);
  writePages(root, pages);
  expect(stalePages(root, pages)).toEqual([]);
  const page = readFileSync(join(root, 'docs', 'costs', 'orders.md'), 'utf8');
  expect(page).toBe('# orders: costs\n\n[About this page](README.md)\n\n$1\n');
});

it('a page that was edited, or is of an architecture that is gone, is stale and is put right', () => {
  writePages(root, pages);
  for (const slug of ['orders', 'gone']) writeFileSync(join(root, 'docs', 'costs', `${slug}.md`), 'edited');
  expect(stalePages(root, pages)).toEqual(['docs/costs/orders.md', 'docs/costs/gone.md']);
  writePages(root, pages);
  expect(readdirSync(join(root, 'docs', 'costs')).sort()).toEqual(['README.md', 'orders.md']);
  expect(stalePages(root, pages)).toEqual([]);
});
