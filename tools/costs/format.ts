/** Dollars with cents, or with one significant digit if less than half a cent. */
export function dollars(usd: number): string {
  if (usd === 0) return '$0.00';
  if (Math.abs(usd) < 0.005) return `$${usd.toPrecision(1)}`;
  return `${usd < 0 ? '-' : ''}$${Math.abs(usd).toFixed(2)}`;
}

/** Number with three significant digits and thousands separators. */
export function quantity(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/**
 * Aligns columns of text.
 *
 * @param rightFrom first column that is aligned to the right
 */
export function columns(rows: readonly (readonly string[])[], rightFrom: number): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column < rightFrom ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
