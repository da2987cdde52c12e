import { stripVTControlCharacters, toUSVString } from 'node:util';

/** Text that is HTML already: made by the tag `markup` or by `trusted`, and by nothing else. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Content = string | number | Markup | false | undefined | readonly Content[];

/** Joins HTML with values: a value is escaped unless it is `Markup`, lists are joined, `false` and `undefined` vanish. */
export function markup(texts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(texts.map((text, index) => text + render(values[index])).join(''));
}

/** Takes text of the page's own, such as its stylesheet, as it is; nothing that was read or received belongs here. */
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

/** Beside HTML's own characters: a terminal's colors go, other control characters become visible signs. */
function escape(text: string): string {
  return toUSVString(stripVTControlCharacters(text))
    .replaceAll('\r\n', '\n')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
    .replace(/(?![\n\t])\p{Cc}/gu, controlSign);
}

/** Unicode has signs for the control characters below the space, from U+2400 on. */
function controlSign(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
}
