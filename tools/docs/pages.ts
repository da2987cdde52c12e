import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Generated pages by their path below `docs/`. */
export type Pages = ReadonlyMap<string, string>;

/** A page per architecture of one kind, with an index in front of them. */
export interface PagesOfKind {
  /** Folder in `docs/`. */
  readonly kind: string;
  /** Lines of the index. */
  readonly index: readonly string[];
  /** Lines of each architecture's page below its title. */
  readonly architectures: readonly { readonly slug: string; readonly lines: readonly string[] }[];
}

export function pagesOf({ kind, index, architectures }: PagesOfKind): Pages {
  const about = `[About this page](README.md)`;
  return new Map([
    [`${kind}/README.md`, textOf(index)],
    ...architectures.map(({ slug, lines }): [string, string] => [
      `${kind}/${slug}.md`,
      textOf([`# ${slug}: ${kind}`, '', about, '', ...lines]),
    ]),
  ]);
}

/** Bullet list of links from an index to the pages of the architectures. */
export function linksTo(architectures: readonly { readonly slug: string }[]): string[] {
  return architectures.map(({ slug }) => `- [${slug}](${slug}.md)`);
}

/** Writes the pages, and removes others from their folders: those of architectures that are gone. */
export function writePages(root: string, pages: Pages): void {
  const docs = join(root, 'docs');
  for (const kind of kindsOf(pages)) mkdirSync(join(docs, kind), { recursive: true });
  for (const path of strayPages(docs, pages)) rmSync(join(docs, path));
  for (const [path, text] of pages) writeFileSync(join(docs, path), text);
}

/** Paths below `docs/` of pages that are missing, differ or belong to no architecture. */
export function stalePages(root: string, pages: Pages): string[] {
  const docs = join(root, 'docs');
  const differing = [...pages].filter(([path, text]) => readIfThere(join(docs, path)) !== text).map(([path]) => path);
  return [...differing, ...strayPages(docs, pages)];
}

function strayPages(docs: string, pages: Pages): string[] {
  return kindsOf(pages)
    .flatMap((kind) => filesIn(join(docs, kind)).map((file) => `${kind}/${file}`))
    .filter((path) => !pages.has(path));
}

function kindsOf(pages: Pages): string[] {
  return [...new Set([...pages.keys()].map((path) => path.replace(/\/.*$/, '')))];
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function textOf(lines: readonly string[]): string {
  return `${lines.join('\n').trimEnd()}\n`;
}
