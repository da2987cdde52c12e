// Amounts are whole cents inside and decimal text outside: binary fractions cannot represent money.

/** Whole cents of a decimal with at most two places, such as `12.5`; undefined for anything else. */
export function parseCents(decimal: string): number | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(decimal);
  if (match === null) return undefined;
  const [, units = '', fraction = ''] = match;
  return Number(units) * 100 + Number(fraction.padEnd(2, '0'));
}

/** Decimal text with two places: 1250 is `12.50`. */
export function formatCents(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

/** Whether a currency of ISO 4217 is counted in hundredths, as all amounts here are. */
export function hasCents(currency: string): boolean {
  if (!Intl.supportedValuesOf('currency').includes(currency)) return false;
  const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  return maximumFractionDigits === 2;
}
