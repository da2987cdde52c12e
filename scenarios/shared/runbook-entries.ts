import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Entry of the runbook for one alarm. */
export interface RunbookEntry {
  readonly heading: string;
  /** As GitHub writes it. */
  readonly anchor: string;
  /** For CloudWatch Logs Insights. */
  readonly queries: readonly string[];
}

/**
 * Entries of `docs/runbook/<slug>.md`.
 *
 * @throws Error of the file system where there is no such page
 */
export function readRunbook(slug: string): RunbookEntry[] {
  return runbookEntries(readFileSync(join(__dirname, '..', '..', 'docs', 'runbook', `${slug}.md`), 'utf8'));
}

/** Entries of a page: one for each `##` heading. Code blocks without a language are queries. */
export function runbookEntries(markdown: string): RunbookEntry[] {
  const sections = markdown.split(/^(?=## )/m).slice(1);
  return sections.map((text) => {
    const heading = text.slice('## '.length, text.indexOf('\n'));
    const blocks = [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].filter(([, language]) => language === '');
    return { heading, anchor: anchorOf(heading), queries: blocks.map(([, , query = '']) => query.trim()) };
  });
}

/** Anchor that GitHub makes of a heading. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replace(/ /g, '-');
}

/** Slug and anchor of the runbook entry at the end of an alarm's description, or undefined where it names none. */
export function runbookLink(description: string): { readonly slug: string; readonly anchor: string } | undefined {
  const [, slug, anchor] = /docs\/runbook\/([\w-]+)\.md#([\w-]+)$/.exec(description) ?? [];
  return slug === undefined || anchor === undefined ? undefined : { slug, anchor };
}
