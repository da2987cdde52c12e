import { stripVTControlCharacters, toUSVString } from 'node:util';

/** HTML text, created by the tag `markup` or by `trusted` only. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Content = string | number | Markup | false | undefined | readonly Content[];

/** Joins HTML with values: escapes every value that is not `Markup`, joins lists, leaves out `false` and `undefined`. */
export function markup(texts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(texts.map((text, index) => text + render(values[index])).join(''));
}

/** Marks the page's own text, such as its stylesheet, as HTML; never for text that was read or received. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function render(value: Content): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return escape(String(value));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes HTML, removes terminal colors, and shows other control characters as signs. */
function escape(text: string): string {
  return toUSVString(stripVTControlCharacters(text))
    .replaceAll('\r\n', '\n')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
    .replace(/(?![\n\t])\p{Cc}/gu, controlSign);
}

/** Unicode has signs for the control characters below U+0020, from U+2400 on. */
function controlSign(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
}
