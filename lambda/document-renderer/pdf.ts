/**
 * Counts the pages of a PDF that Chromium has written: it compresses no page object, and a text that holds the same words
 * has its line breaks escaped.
 */
export function pagesOf(pdf: Uint8Array): number {
  return (
    Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength)
      .toString('latin1')
      .match(/<<\/Type \/Page\n/g)?.length ?? 0
  );
}
