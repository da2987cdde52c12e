import { RenderRefusedError } from './render-errors';

/** Scripts whose letters the fonts of the layer have: native/build-layer.ts. Symbols and emoji are `Common`, accents `Inherited`. */
const scripts = ['Latin', 'Greek', 'Cyrillic', 'Arabic', 'Hebrew', 'Common', 'Inherited'];

// Not what has no letter in any font: unassigned and private characters, and halves of a pair.
const withoutFont = new RegExp(
  `[^${scripts.map((one) => String.raw`\p{Script=${one}}`).join('')}\\p{Cn}\\p{Co}\\p{Cs}]`,
  'u',
);

/** Scripts that a refusal names. */
const others = [
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
  'Devanagari',
  'Bengali',
  'Tamil',
  'Thai',
  'Armenian',
  'Georgian',
];

/**
 * Refuses a text that would be printed as empty boxes: a document with a box for a name would leave unnoticed.
 *
 * @throws RenderRefusedError `no-font`
 */
export function checkScripts(text: string): void {
  const [letter] = withoutFont.exec(text) ?? [];
  if (letter === undefined) return;
  const script = others.find((one) => new RegExp(String.raw`\p{Script=${one}}`, 'u').test(letter));
  throw new RenderRefusedError('no-font', `no font has letters of ${script ?? 'a script in the text'}`);
}
