/** What the runbook says of one alarm. */
export interface RunbookEntry {
  readonly slug: string;
  readonly heading: string;
  /** As GitHub writes it. */
  readonly anchor: string;
  /** For CloudWatch Logs Insights. */
  readonly queries: readonly string[];
}

/** Every `###` of `docs/runbook.md`, under the architecture that its `##` names; queries are blocks of code in no other language. */
export function runbookEntries(markdown: string): RunbookEntry[] {
  return sectionsOf(markdown, '## ').flatMap(({ heading: slug, text }) =>
    sectionsOf(text, '### ').map(({ heading, text: entry }) => ({
      slug,
      heading,
      anchor: anchorOf(heading),
      queries: [...entry.matchAll(/^```(\w*)\n([^]*?)^```$/gm)]
        .filter(([, language]) => language === '')
        .map(([, , query = '']) => query.trim()),
    })),
  );
}

/** The anchor that GitHub makes of a heading. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replace(/ /g, '-');
}

function sectionsOf(markdown: string, mark: string): { readonly heading: string; readonly text: string }[] {
  const parts = markdown.split(new RegExp(`^(?=${mark})`, 'm')).slice(1);
  return parts.map((text) => ({ heading: text.slice(mark.length, text.indexOf('\n')), text }));
}
