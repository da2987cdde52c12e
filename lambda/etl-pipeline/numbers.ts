import type { Column } from './dataset';

/** Significant digits that DynamoDB keeps of a number. */
const maximumDigits = 38;

/**
 * Reads a number and returns it without superfluous zeros, or undefined if it is none.
 *
 * Works on digits alone: a JavaScript number has about sixteen. An exponent is refused: spreadsheets write one where they have
 * dropped digits.
 */
export function readNumber(
  text: string,
  { decimalSeparator, groupSeparator }: Pick<Column, 'decimalSeparator' | 'groupSeparator'>,
  whole: boolean,
): string | undefined {
  const plain = groupSeparator === undefined ? text : ungrouped(text, groupSeparator);
  const match = /^([+-]?)(\d+)(?:([.,])(\d+))?$/.exec(plain);
  if (match === null) return undefined;
  const [, sign, integral = '', separator, fraction = ''] = match;
  if (separator !== undefined && separator !== decimalSeparator) return undefined;
  const before = integral.replace(/^0+(?=\d)/, '');
  const after = fraction.replace(/0+$/, '');
  if (whole && after !== '') return undefined;
  if (before.replace(/^0/, '').length + after.length > maximumDigits) return undefined;
  const digits = after === '' ? before : `${before}.${after}`;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}

/** Removes separators of thousands, which must be where they belong. */
function ungrouped(text: string, separator: string): string {
  const escaped = `\\${separator}`;
  const grouped = new RegExp(`^[+-]?\\d{1,3}(?:${escaped}\\d{3})+(?!\\d)`);
  // One that is left elsewhere makes the text no number.
  return text.replace(grouped, (groups) => groups.replaceAll(separator, ''));
}

/** Compares two canonical numbers: below, at or above 0. */
export function compareNumbers(one: string, other: string): number {
  const [left, right] = scaled(one, other);
  return left < right ? -1 : Number(left > right);
}

function scaled(one: string, other: string): [bigint, bigint] {
  const [[oneWhole, oneFraction], [otherWhole, otherFraction]] = [parts(one), parts(other)];
  const length = Math.max(oneFraction.length, otherFraction.length);
  return [BigInt(oneWhole + oneFraction.padEnd(length, '0')), BigInt(otherWhole + otherFraction.padEnd(length, '0'))];
}

function parts(text: string): [string, string] {
  const [whole = '', fraction = ''] = text.split('.');
  return [whole, fraction];
}

/** Text of a canonical whole number that sorts as the number does. */
export function sortableInteger(canonical: string): string {
  const offset = BigInt(canonical) + 10n ** BigInt(maximumDigits);
  return offset.toString().padStart(maximumDigits + 1, '0');
}
