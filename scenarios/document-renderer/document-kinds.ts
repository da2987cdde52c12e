import { invoice, letter, report, type DocumentKind } from './documents';
import { longKinds } from './long-kinds';
import { rightToLeftKinds } from './right-to-left-kinds';

/** Three hundred bytes of PNG, as a template's data may hold them. */
const picture =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAADAAAAAYBAMAAABO02PvAAAAMFBMVEW0UwkUUy3////WoXn+/Pq3WhS+aiq/bC7lxaz+/f3nybLOj2Dmx6/Njl7kw6q9aCjGB/3NAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAe0lEQVQokWMQRAJKSICBWAmVt6XhN5ywSBxjYGBgyMGUmAwSZ2CwxJAwgEgwo0voQMQZGBahSbjBJL6gSTyASXCgSVyASXCjSSTAJNjRJAJgEqzEShTgMgqn5Q24nAv3YAqxQYIzEHEHu9IykHgWtqjtLg3fgS1qCacSAHoMM9vtvW4aAAAAAElFTkSuQmCC';

/** A document of each kind, the same in every run. */
export const documentKinds: Readonly<Record<string, DocumentKind>> = {
  invoice: {
    request: { template: 'invoice', version: 1, data: invoice('2026-1', 8) },
    texts: ['Invoice 2026-1', 'Part 8', '54.00 EUR', '1 / 1'],
    fonts: ['OpenSans', 'OpenSans-Bold'],
  },
  markdown: {
    request: report({
      title: 'Markdown',
      summary:
        '## Heading\n\n- one\n- two\n  1. first\n\n> quoted\n\n`code`\n\n| a | b |\n|---|---|\n| c | d |\n\n***both***',
    }),
    texts: ['Heading', 'first', 'quoted', 'code'],
    fonts: ['OpenSans'],
  },
  letter: { request: letter({}), texts: ['Dear Ada,', 'Yours sincerely'], fonts: ['OpenSans'] },
  emoji: {
    request: report({ title: 'Emoji 😀', summary: '👩‍🚀 🏳️‍🌈 👍🏽 ✅' }),
    texts: ['Emoji 😀', '👩‍🚀 🏳️‍🌈 👍🏽 ✅'],
    fonts: ['OpenSans-Bold'],
  },
  'long-words': {
    request: report({ title: 'W'.repeat(120), summary: 'without-any-place-to-break'.repeat(20) }),
    texts: ['1 / 1'],
    fonts: ['OpenSans'],
  },
  'hostile-markup': {
    request: report({ title: '<b>&amp;"\'', summary: '<script>alert(1)</script>\n\n<style>*{display:none}</style>' }),
    texts: ['<b>&amp;"\'', '<script>alert(1)</script>'],
    fonts: ['OpenSans'],
  },
  'empty-report': {
    request: report({ title: 'Nothing to report' }),
    texts: ['Nothing to report'],
    fonts: ['OpenSans-Bold'],
  },
  'empty-invoice': {
    request: {
      template: 'invoice',
      version: 1,
      data: { ...invoice('2026-3', 0), due: '', notes: '', customer: { name: '', address: '' } },
    },
    texts: ['Invoice 2026-3', '0.00 EUR'],
    fonts: ['OpenSans'],
  },
  picture: {
    request: report({ title: 'Picture', summary: `Before\n\n![mark](${picture})\n\nafter.` }),
    texts: ['Before', 'after.'],
    fonts: ['OpenSans'],
  },
  alphabets: {
    request: report({
      title: 'Ελληνικά, Кириллица',
      summary: 'Příliš žluťoučký kůň, Tiếng Việt, Łódź, ğüşöçİı, Ærøskøbing, ½ × 3 ≤ 2 € 5, “quoted” — e\u0301 and é.',
    }),
    texts: ['Ελληνικά, Кириллица', 'Příliš žluťoučký kůň, Tiếng Việt', '≤ 2 € 5'],
    fonts: ['OpenSans', 'OpenSans-Bold'],
  },
  'invisible-characters': {
    request: report({
      title: 'a\u202Egnp.exe\u202C b\u200Bc\u0000d\tend',
      summary: 'zero\u200Bwidth, \uFEFFmark, soft\u00ADhyphen, lone \uD800, line\u2028separator',
    }),
    texts: ['end', 'zero', 'mark', 'separator'],
    fonts: ['OpenSans'],
  },
  ...longKinds,
  ...rightToLeftKinds,
};
