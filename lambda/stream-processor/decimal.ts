/** Digits after the point that a decimal may have. */
const scale = 9;

/** Form of a decimal: at most 18 digits before the point and 9 after it, so that a sum of 10^10 fits DynamoDB's 38 digits. */
const form = /^-?\d{1,18}(\.\d{1,9})?$/;

/** Exact decimal as a whole number of billionths. */
export type Decimal = bigint;

/** Returns a decimal, or undefined for a text of another form; an exponent is one. */
export function parseDecimal(text: string): Decimal | undefined {
  return form.test(text) ? readDecimal(text) : undefined;
}

/** Shortest text of a decimal: `12.5` for `12.50`. DynamoDB returns numbers in this form. */
export function formatDecimal(decimal: Decimal): string {
  const digits = (decimal < 0n ? -decimal : decimal).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  const text = digits.slice(0, -scale) + (fraction === '' ? '' : `.${fraction}`);
  return decimal < 0n ? `-${text}` : text;
}

/** Reads a sum, which may have more digits than a single decimal. */
export function readDecimal(text: string): Decimal {
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  if (whole === '') throw new Error(`expected a decimal, got '${text}'`);
  const billionths = BigInt(whole + fraction.padEnd(scale, '0'));
  return sign === '-' ? -billionths : billionths;
}
