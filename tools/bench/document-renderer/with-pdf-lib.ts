import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { invoice } from '../../../scenarios/document-renderer/documents';
import { requirePeer } from '../measuring/peers';

type Invoice = ReturnType<typeof invoice>;

/** Parts of pdf-lib that are used here: https://pdf-lib.js.org/docs/api/ */
interface Font {
  widthOfTextAtSize(text: string, size: number): number;
}
interface Page {
  drawText(text: string, options: { x: number; y: number; size: number; font: Font }): void;
  drawLine(options: { start: Point; end: Point; thickness: number }): void;
}
interface Point {
  readonly x: number;
  readonly y: number;
}
interface PdfDocument {
  registerFontkit(fontkit: unknown): void;
  embedFont(font: Buffer, options: { subset: boolean }): Promise<Font>;
  addPage(size: readonly [number, number]): Page;
  save(): Promise<Uint8Array>;
}
interface PdfLib {
  readonly PDFDocument: { create(): Promise<PdfDocument> };
}

/** A4 in points, with the margins of the page's style. */
const size = [595.28, 841.89] as const;
const [left, right, top, bottom] = [51, 544, 785, 62];
const lineHeight = 24;

/** Draws an invoice with the fonts of the template, its table over pages and page numbers. It knows Latin text alone. */
export async function drawInvoice(
  root: string,
  fonts: string,
  data: Invoice,
): Promise<{ pdf: Uint8Array; pages: number }> {
  // The peer's own interface, of which this is a part.
  const { PDFDocument } = requirePeer(root, 'pdf-lib') as PdfLib;
  const document = await PDFDocument.create();
  document.registerFontkit(requirePeer(root, '@pdf-lib/fontkit'));
  const embed = async (name: string): Promise<Font> =>
    document.embedFont(await readFile(join(fonts, `OpenSans-${name}.ttf`)), { subset: true });
  const [regular, bold] = [await embed('Regular'), await embed('Bold')];
  const pages: Page[] = [];
  let y = 0;
  const text = (value: string, x: number, font = regular, points = 10.5): void => {
    pages.at(-1)?.drawText(value, { x, y, size: points, font });
  };
  const row = (cells: readonly string[], font = regular): void => {
    if (y < bottom + lineHeight) addPage();
    for (const [column, cell] of cells.entries()) {
      const end = [left, 330, 430, right][column] ?? right;
      text(cell, column === 0 ? left : end - font.widthOfTextAtSize(cell, 10.5), font);
    }
    pages.at(-1)?.drawLine({ start: { x: left, y: y - 8 }, end: { x: right, y: y - 8 }, thickness: 0.5 });
    y -= lineHeight;
  };
  const addPage = (): void => {
    pages.push(document.addPage(size));
    y = top;
    if (pages.length > 1) row(heads, bold);
  };
  addPage();
  text(`Invoice ${data.number}`, left, bold, 20);
  for (const [value, font, gap] of [
    [data.customer.name, bold, 36],
    [data.customer.address, regular, 15],
    [`Issued ${data.issued}, due ${data.due}`, regular, 24],
  ] as const) {
    y -= gap;
    text(value, left, font);
  }
  y -= 30;
  row(heads, bold);
  for (const { item, quantity, price, amount } of data.lines) row([item, String(quantity), price, amount]);
  row(['Total', '', '', `${data.total} ${data.currency}`], bold);
  row([data.notes.replaceAll('**', '')]);
  for (const [index, page] of pages.entries()) {
    page.drawText(`${index + 1} / ${pages.length}`, { x: 290, y: 30, size: 8, font: regular });
  }
  return { pdf: await document.save(), pages: pages.length };
}

const heads = ['Item', 'Quantity', 'Price', 'Amount'];
