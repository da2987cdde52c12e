/** Renders the bench's invoice again and again in one process, and sends a sample for each: `measure.ts <Way as JSON>`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DocumentBrowser } from '../../../lambda/document-renderer/browser/browser';
import { pageOf } from '../../../lambda/document-renderer/page';
import { pagesOf } from '../../../lambda/document-renderer/pdf';
import { Templates } from '../../../lambda/document-renderer/templates';
import { invoice } from '../../../scenarios/document-renderer/documents';
import { drawInvoice } from './with-pdf-lib';

/** A way of making documents, and how many of so many lines. */
export interface Way {
  readonly way: 'ours' | 'ours, unpacked before' | 'a browser for each' | 'pdf-lib';
  readonly documents: number;
  readonly lines: number;
}

export interface Sample {
  readonly milliseconds: number;
  readonly pages: number;
  readonly bytes: number;
  /** Peak memory of this process and of the browser so far. */
  readonly megabytes: number;
}

type Render = (
  number: string,
) => Promise<{ readonly pdf: Uint8Array; readonly pages: number; readonly browser: number }>;

const root = join(__dirname, '..', '..', '..');
const layerFolder = join(root, '.native', 'document-renderer', 'x86_64', 'opt', 'chromium');
const limits = { maximumPages: 2_000, maximumBytes: 100_000_000 };

async function main({ way, documents, lines }: Way): Promise<void> {
  const workFolder = mkdtempSync(join(tmpdir(), 'bench-renderer-'));
  const browser = new DocumentBrowser({ layerFolder, workFolder, maximumMegabytes: 4_096 });
  try {
    if (way === 'ours, unpacked before') await browser.prepare(AbortSignal.timeout(60_000));
    const render = way === 'pdf-lib' ? drawn(lines) : rendered(browser, lines, way === 'a browser for each');
    for (let index = 0; index < documents; index += 1) {
      const began = performance.now();
      const { pdf, pages, browser: browserMegabytes } = await render(String(index));
      const milliseconds = performance.now() - began;
      const megabytes = process.resourceUsage().maxRSS / 1_024 + browserMegabytes;
      const sample: Sample = { milliseconds, pages, bytes: pdf.length, megabytes };
      await new Promise<void>((sent) => process.send?.(sample, () => sent()));
    }
  } finally {
    browser.kill();
    rmSync(workFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function rendered(browser: DocumentBrowser, lines: number, isEach: boolean): Render {
  const template = new Templates(join(root, 'lambda', 'document-renderer', 'assets')).get('invoice', 1);
  return async (number) => {
    const page = pageOf(template, invoice(number, lines));
    const attempt = () => browser.render(page, limits, AbortSignal.timeout(60_000));
    // A browser that ends is replaced, as the function's next attempt does.
    const { pdf } = await attempt().catch(attempt);
    const peak = browser.takePeakMegabytes() ?? Number.NaN;
    if (isEach) browser.kill();
    return { pdf, pages: pagesOf(pdf), browser: peak };
  };
}

function drawn(lines: number): Render {
  const fonts = join(layerFolder, 'fonts', 'Open_Sans');
  return async (number) => {
    const { pdf, pages } = await drawInvoice(root, fonts, invoice(number, lines));
    return { pdf, pages, browser: 0 };
  };
}

main(JSON.parse(process.argv[2] ?? '') as Way).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
