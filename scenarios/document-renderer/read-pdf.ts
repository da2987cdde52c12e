import { PDFiumLibrary, type PDFiumDocument } from '@hyzyla/pdfium';

async function withDocument<Result>(pdf: Buffer, read: (document: PDFiumDocument) => Promise<Result>): Promise<Result> {
  const library = await PDFiumLibrary.init();
  try {
    const document = await library.loadDocument(pdf);
    try {
      return await read(document);
    } finally {
      document.destroy();
    }
  } finally {
    library.destroy();
  }
}

/** Text of all pages, as a reader copies it. */
export function textOf(pdf: Buffer): Promise<string> {
  return withDocument(pdf, (document) =>
    Promise.resolve([...document.pages()].map((page) => page.getText()).join('\n')),
  );
}

export interface PagePicture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha of each pixel. */
  readonly pixels: Buffer;
}

/** Pictures of all pages, at so many pixels for a point (1/72 inch). */
export function picturesOf(pdf: Buffer, scale: number): Promise<PagePicture[]> {
  return withDocument(pdf, async (document) => {
    const pictures: PagePicture[] = [];
    for (const page of document.pages()) {
      const { width, height, data } = await page.render({ scale, render: 'bitmap' });
      pictures.push({ width, height, pixels: Buffer.from(data) });
    }
    return pictures;
  });
}

/** Names of the fonts whose glyphs a PDF of Chromium holds: each has the data of its font beside its description. */
export function embeddedFonts(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  const descriptors = text.match(/<<\/Type \/FontDescriptor[\s\S]*?>>/g) ?? [];
  return descriptors.flatMap((one) => {
    const [, name] = /\/FontName \/([\w+-]+)/.exec(one) ?? [];
    return name !== undefined && /\/FontFile\d? \d+ 0 R/.test(one) ? [name.replace(/^[A-Z]{6}\+/, '')] : [];
  });
}
