import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Text of generated pages by their path in the repository. */
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
    [`docs/${kind}/README.md`, textOf(index)],
    ...architectures.map(({ slug, lines }): [string, string] => [
      `docs/${kind}/${slug}.md`,
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
  for (const path of strayPages(root, pages)) rmSync(join(root, path));
  for (const [path, text] of pages) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** Paths of pages that are missing, differ or belong to no architecture. */
export function stalePages(root: string, pages: Pages): string[] {
  const differing = [...pages].filter(([path, text]) => readIfThere(join(root, path)) !== text).map(([path]) => path);
  return [...differing, ...strayPages(root, pages)];
}

function strayPages(root: string, pages: Pages): string[] {
  const folders = new Set([...pages.keys()].map(dirname).filter((folder) => folder.startsWith('docs/')));
  return [...folders]
    .flatMap((folder) => filesIn(join(root, folder)).map((file) => `${folder}/${file}`))
    .filter((path) => !pages.has(path));
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
