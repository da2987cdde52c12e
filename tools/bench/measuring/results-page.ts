const introduction = `# Results of \`npm run bench\`

Written by the command. Each section names the machine and the time. [README.md](README.md) explains how to read it.
`;

/**
 * Returns the page with the section of one benchmark replaced.
 *
 * @param page present text, or undefined if there is no page yet
 * @param names all benchmarks in the order of the page; other sections are dropped
 */
export function withSection(
  page: string | undefined,
  names: readonly string[],
  section: { readonly name: string; readonly text: string },
): string {
  const sections = sectionsOf(page ?? '');
  sections.set(section.name, section.text.trim());
  const texts = names.flatMap((name) => {
    const text = sections.get(name);
    return text === undefined ? [] : [`## ${name}\n\n${text}\n`];
  });
  return [introduction, ...texts].join('\n');
}

function sectionsOf(page: string): Map<string, string> {
  const [, ...sections] = page.split(/^## /m);
  return new Map(
    sections.map((section) => {
      const end = section.indexOf('\n');
      return [section.slice(0, end).trim(), section.slice(end).trim()];
    }),
  );
}
