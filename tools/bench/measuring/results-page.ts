const introduction = `# Results of \`npm run bench\`

Written by the command: each section says where and when it was measured. How to read it is in [README.md](README.md).
`;

/**
 * The page with one bench's section put in, in the benches' order; the sections of the others stay as they are.
 *
 * @param page the page as it is, or undefined where there is none yet
 * @param names all benches, in the order of the page; a section of any other name is dropped
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
