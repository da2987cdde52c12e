import { minorUnitDigits } from '../shared/currencies';

/**
 * Amounts are whole minor units inside (cents, yen, fils) and decimal text outside: binary fractions cannot represent
 * cents exactly.
 */

/** Largest number of digits before the point; with four decimal places the amount still fits 64 bits. */
const mostDigits = 12;

/**
 * Returns the minor units of a decimal above zero: `12.5` EUR is 1250, `12` JPY is 12.
 *
 * @returns undefined for any other text, more decimal places than the currency has, or a currency without a minor unit
 */
export function parseAmount(decimal: string, currency: string): bigint | undefined {
  const digits = minorUnitDigits(currency);
  const match = /^(\d+)(?:\.(\d+))?$/.exec(decimal);
  if (digits === undefined || match === null) return undefined;
  const [, units = '', fraction = ''] = match;
  if (units.length > mostDigits || fraction.length > digits) return undefined;
  const minorUnits = BigInt(units + fraction.padEnd(digits, '0'));
  return minorUnits > 0n ? minorUnits : undefined;
}

/** Returns decimal text with all decimal places of the currency: 1250 is `12.50` in EUR and `1250` in JPY. */
export function formatAmount(minorUnits: bigint, currency: string): string {
  // A currency that has left ISO 4217 since its records were stored: all of those have had cents.
  const digits = minorUnitDigits(currency) ?? 2;
  const sign = minorUnits < 0n ? '-' : '';
  const text = String(minorUnits < 0n ? -minorUnits : minorUnits).padStart(digits + 1, '0');
  const point = text.length - digits;
  return `${sign}${text.slice(0, point)}${digits === 0 ? '' : `.${text.slice(point)}`}`;
}
