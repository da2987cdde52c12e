/** Data of an invoice with so many lines. */
export function invoice(number: string, lines: number) {
  return {
    number,
    customer: { name: 'Ada Lovelace', address: '12 St James’s Square, London' },
    issued: '2026-11-27',
    due: '2026-12-27',
    currency: 'EUR',
    lines: Array.from({ length: lines }, (_, index) => ({
      item: `Part ${index + 1}`,
      quantity: index + 1,
      price: '1.50',
      amount: ((index + 1) * 1.5).toFixed(2),
    })),
    total: ((lines * (lines + 1) * 1.5) / 2).toFixed(2),
    notes: 'Payable within **30 days**.',
  };
}

interface DocumentKind {
  readonly request: { readonly template: string; readonly version: number; readonly data: unknown };
  /** Texts that a reader copies from it. */
  readonly texts: readonly string[];
  /** Fonts whose glyphs it holds. */
  readonly fonts: readonly string[];
}

const report = (data: object) => ({ template: 'report', version: 1, data: { sections: [], ...data } });
const letter = (data: object) => ({
  template: 'letter',
  version: 1,
  data: { subject: 'Subject', date: '2026-11-27', recipient: 'Ada', text: 'Text.', sender: 'Grace', ...data },
});

/** A document of each kind, the same in every run. */
export const documentKinds: Readonly<Record<string, DocumentKind>> = {
  invoice: {
    request: { template: 'invoice', version: 1, data: invoice('2026-1', 8) },
    texts: ['Invoice 2026-1', 'Part 8', '54.00 EUR', '1 / 1'],
    fonts: ['OpenSans', 'OpenSans-Bold'],
  },
  'long-invoice': {
    request: { template: 'invoice', version: 1, data: invoice('2026-2', 70) },
    texts: ['Part 70', '3 / 3'],
    fonts: ['OpenSans'],
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
  hebrew: {
    request: letter({ subject: 'שלום', recipient: 'עדה', text: 'הטקסט נכתב מימין לשמאל, 42 שורות.' }),
    texts: ['שלום', 'הטקסט נכתב מימין לשמאל'],
    fonts: ['OpenSans'],
  },
  arabic: {
    request: report({ title: 'تقرير', summary: 'النص العربي متصل ومن اليمين إلى اليسار.' }),
    texts: ['تقرير', 'العربي متصل ومن اليمين'],
    fonts: ['NotoSansArabic'],
  },
  emoji: {
    request: report({ title: 'Emoji 😀', summary: '👩‍🚀 🏳️‍🌈 👍🏽 ✅' }),
    texts: ['Emoji 😀', '👩‍🚀 🏳️‍🌈 👍🏽 ✅'],
    fonts: ['OpenSans-Bold'],
  },
  table: {
    request: report({
      title: 'Table',
      sections: [
        {
          heading: 'Rows',
          text: '',
          rows: Array.from({ length: 60 }, (_, value) => ({ name: `Row ${value}`, value })),
        },
      ],
    }),
    texts: ['Row 0', 'Row 59', '3 / 3'],
    fonts: ['OpenSans'],
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
};
