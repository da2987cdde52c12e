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
