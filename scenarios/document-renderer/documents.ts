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

export interface DocumentKind {
  readonly request: { readonly template: string; readonly version: number; readonly data: unknown };
  /** Texts that a reader copies from it. */
  readonly texts: readonly string[];
  /** Fonts whose glyphs it holds. */
  readonly fonts: readonly string[];
}

export const report = (data: object) => ({ template: 'report', version: 1, data: { sections: [], ...data } });
export const letter = (data: object) => ({
  template: 'letter',
  version: 1,
  data: { subject: 'Subject', date: '2026-11-27', recipient: 'Ada', text: 'Text.', sender: 'Grace', ...data },
});
