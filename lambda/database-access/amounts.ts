/** Amounts are whole cents inside and decimal text outside: binary fractions cannot represent cents exactly. */

/** Returns the whole cents of a decimal above zero with at most two places, such as `12.5`; undefined for other text. */
export function parseCents(decimal: string): bigint | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(decimal);
  if (match === null) return undefined;
  const [, units = '', fraction = ''] = match;
  const cents = BigInt(units) * 100n + BigInt(fraction.padEnd(2, '0'));
  return cents > 0n ? cents : undefined;
}

/** Returns decimal text with two places: 1250 is `12.50`. */
export function formatCents(cents: bigint): string {
  const sign = cents < 0n ? '-' : '';
  const size = cents < 0n ? -cents : cents;
  return `${sign}${size / 100n}.${String(size % 100n).padStart(2, '0')}`;
}

const currencies = new Set(Intl.supportedValuesOf('currency').filter(isCountedInHundredths));

/** Whether the text is a currency of ISO 4217 with two decimal places, the only kind that is stored. */
export function hasCents(currency: string): boolean {
  return currencies.has(currency);
}

function isCountedInHundredths(currency: string): boolean {
  const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  return maximumFractionDigits === 2;
}
