import { invoice, letter, report, type DocumentKind } from './documents';

const sentences = 'Each sentence of this paragraph is followed by another, so that lines and pages are broken. ';

/** Documents of several pages. */
export const longKinds: Readonly<Record<string, DocumentKind>> = {
  'long-invoice': {
    request: { template: 'invoice', version: 1, data: invoice('2026-2', 70) },
    texts: ['Part 70', '3 / 3'],
    fonts: ['OpenSans'],
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
  'long-letter': {
    request: letter({
      text: Array.from({ length: 12 }, (_, index) => `${index + 1}. ${sentences.repeat(5)}`).join('\n\n'),
    }),
    texts: ['Each sentence of this paragraph', 'Yours sincerely', '2 / 2'],
    fonts: ['OpenSans'],
  },
  sections: {
    request: report({
      title: 'Sections',
      sections: Array.from({ length: 14 }, (_, index) => ({
        heading: `Section ${index + 1}`,
        text: sentences.repeat(3),
        rows: [{ name: 'Figure', value: index }],
      })),
    }),
    texts: ['Section 14', '3 / 3'],
    fonts: ['OpenSans', 'OpenSans-Bold'],
  },
  'tall-row': {
    request: report({
      title: 'Tall row',
      sections: [
        {
          heading: 'Rows',
          text: '',
          rows: [
            { name: sentences.repeat(48), value: 'taller than a page' },
            { name: 'after it', value: 1 },
          ],
        },
      ],
    }),
    texts: ['after it', '3 / 3'],
    fonts: ['OpenSans'],
  },
};
