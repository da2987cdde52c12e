/**
 * Whether XML 1.0 can carry a text: it has no control characters but tab, line feed and carriage return, nor U+FFFE and
 * U+FFFF, not even as references. S3 refuses a whole DeleteObjects request that names a key with another one.
 *
 * https://www.w3.org/TR/xml/#charsets
 */
export function isXmlText(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- the characters that the expression is about
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text);
}
