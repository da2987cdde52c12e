import MarkdownIt from 'markdown-it';
import { fillTemplate } from './fill-template';
import { checkScripts } from './scripts';

/** Raw HTML stays text. Links are not made from plain addresses; those that Markdown writes lead nowhere while rendering. */
const markdown = new MarkdownIt({ html: false, linkify: false });

/** File of a template: HTML without the page around it, or Markdown. */
export interface Template {
  readonly format: 'html' | 'md';
  readonly source: string;
}

/**
 * Style of every page. Fonts are those of the browser's folder.
 *
 * Words are broken `anywhere`, which lets a column become as narrow as a letter: not that of numbers. Each paragraph has the
 * direction of its own text.
 */
const style = `
  @page { size: A4; margin: 20mm 18mm 22mm; }
  html { font: 10.5pt/1.45 'Open Sans', 'Noto Sans Hebrew', 'Noto Sans Arabic', 'Noto Color Emoji', sans-serif; color: #1b1f24; }
  body { margin: 0; overflow-wrap: anywhere; }
  h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 8mm; }
  h2 { font-size: 13pt; margin: 7mm 0 2mm; break-after: avoid; }
  table { width: 100%; border-collapse: collapse; }
  thead { display: table-header-group; }
  th, td { text-align: start; padding: 1.6mm 2mm; border-bottom: 0.2mm solid #d0d7de; vertical-align: top; }
  tr { break-inside: avoid; }
  .number { text-align: end; font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
  h1, h2, p, li { unicode-bidi: plaintext; }
  img { max-width: 100%; }
`;

/** Beside the interception of requests and the browser's arguments: nothing is loaded but what is in the page itself. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** Part of the render hash that changes with every page's look. */
export const pageVersion = `${style}${policy}`;

/**
 * Returns the page of a document. Data is text: escaped in HTML, escaped as Markdown in Markdown, and rendered without raw
 * HTML where the template asks for Markdown.
 *
 * @throws RenderRefusedError `data-incomplete`, `no-font`
 */
export function pageOf({ format, source }: Template, data: Readonly<Record<string, unknown>>): string {
  const body =
    format === 'md'
      ? markdown.render(fillTemplate(source, data, (value, kind) => (kind === 'text' ? escapeMarkdown(value) : value)))
      : fillTemplate(source, data, (value, kind) => (kind === 'text' ? escapeHtml(value) : markdown.render(value)));
  checkScripts(body);
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><style>${style}</style></head><body>${body}</body></html>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** One line of text that Markdown shows as it is. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
}
