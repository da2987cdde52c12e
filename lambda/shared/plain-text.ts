/**
 * Returns the text with a question mark for each line break, control character and mark that changes its direction: names are
 * anybody's, and could add lines to a message, or commands to a terminal.
 */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}

/** Returns the text with a space for each run of such characters. */
export function onOneLine(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');
}
