import { invoice, letter, report, type DocumentKind } from './documents';

/** Documents with text from right to left. */
export const rightToLeftKinds: Readonly<Record<string, DocumentKind>> = {
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
  'arabic-invoice': {
    request: {
      template: 'invoice',
      version: 1,
      data: {
        ...invoice('٢٠٢٦-٤', 2),
        customer: { name: 'شركة النور', address: 'شارع الملك ١٢، عمّان' },
        notes: 'الدفع خلال **ثلاثين** يوماً.',
      },
    },
    texts: ['شركة النور', 'الدفع خلال'],
    fonts: ['NotoSansArabic', 'NotoSansArabic-Bold'],
  },
  'mixed-directions': {
    request: report({
      title: 'Order (הזמנה) 42',
      summary: 'Order 42 (הזמנה 42) / الطلب 42, total 1,234.50 €.\n\nהזמנה Order 42, סך הכול 1,234.50 €.',
      sections: [{ heading: 'כותרת', text: '', rows: [{ name: 'اسم Name שם', value: 5 }] }],
    }),
    texts: ['Order', 'הזמנה', 'الطلب', '1,234.50'],
    fonts: ['OpenSans', 'NotoSansArabic'],
  },
};
