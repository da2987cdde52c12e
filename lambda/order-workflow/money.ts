// Amounts are whole minor units inside and decimal text outside: binary fractions cannot represent money. As bigint, because the
// largest order in a currency of three or four decimal places exceeds the integers that a double represents exactly.

/**
 * Minor units of a decimal: `12.5` and `12.50` are 1250 with two decimal places.
 *
 * @param digits decimal places of the currency
 * @returns undefined for anything else, and for a value that needs more decimal places
 */
export function parseAmount(decimal: string, digits: number): bigint | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,4}))?$/.exec(decimal);
  if (match === null) return undefined;
  const [, units = '', fraction = ''] = match;
  const [kept, rest] = [fraction.slice(0, digits).padEnd(digits, '0'), fraction.slice(digits)];
  return /[1-9]/.test(rest) ? undefined : BigInt(units + kept);
}

/** Decimal text with the decimal places of the currency: 1250 with two is `12.50`, with none `1250`. */
export function formatAmount(minorUnits: bigint, digits: number): string {
  const text = minorUnits.toString().padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** The same text for every spelling of a decimal: `12.5` for `12.50` and `012.500`. */
export function normalizeDecimal(decimal: string): string {
  const [, sign = '', units = '', fraction = ''] = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/.exec(decimal) ?? [];
  const value = fraction === '' ? units : `${units}.${fraction}`;
  return value === '0' ? value : `${sign}${value}`;
}
