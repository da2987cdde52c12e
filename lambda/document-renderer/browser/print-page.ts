import { BrowserFailedError, RenderRefusedError } from '../render-errors';
import type { DevTools } from './devtools';

/** Rendered document. */
export interface RenderedPage {
  readonly pdf: Uint8Array;
  /** PNG of the first page. */
  readonly thumbnail: Uint8Array;
}

export interface PrintLimits {
  readonly maximumPages: number;
  readonly maximumBytes: number;
}

/** Address of the page in the browser. The browser asks for nothing else, and no host has this name. */
const address = 'https://document.invalid/';

/** A4 at 96 pixels an inch, without the margins of the page's style, and the size of its picture. */
const printed = { width: 658, height: 964 } as const;
const thumbnailScale = 0.5;

const footer =
  '<div style="width:100%;font:8px \'Open Sans\';color:#57606a;text-align:center"><span class="pageNumber"></span> / <span class="totalPages"></span></div>';

/**
 * Prints a page in a tab of its own: at most one page and one byte more than the limits allow.
 *
 * Scripts are off, and every request but that for the page itself fails.
 */
export async function printPage(browser: DevTools, html: string, limits: PrintLimits): Promise<RenderedPage> {
  const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
  const tab = new Tab(browser, String(sessionId));
  await tab.send('Emulation.setScriptExecutionDisabled', { value: true });
  await tab.send('Emulation.setEmulatedMedia', { media: 'print' });
  await tab.send('Emulation.setDeviceMetricsOverride', {
    ...printed,
    deviceScaleFactor: thumbnailScale,
    mobile: false,
  });
  await tab.load(html);
  const thumbnail = await tab.picture();
  const pdf = await tab.print(limits);
  browser.forget(String(sessionId));
  await browser.send('Target.closeTarget', { targetId });
  return { pdf, thumbnail };
}

/** Tab of the browser with a session of its own. */
class Tab {
  readonly #browser: DevTools;
  readonly #sessionId: string;

  constructor(browser: DevTools, sessionId: string) {
    this.#browser = browser;
    this.#sessionId = sessionId;
  }

  send(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<Readonly<Record<string, unknown>>> {
    return this.#browser.send(method, params, this.#sessionId);
  }

  async load(html: string): Promise<void> {
    await this.send('Page.enable');
    await this.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
    const loaded = Promise.withResolvers<true>();
    let isServed = false;
    this.#browser.on('Page.loadEventFired', this.#sessionId, () => {
      if (isServed) loaded.resolve(true);
    });
    this.#browser.on('Fetch.requestPaused', this.#sessionId, ({ requestId, request }) => {
      const isPage = !isServed && (request as { url: string }).url === address;
      isServed ||= isPage;
      const answer = isPage
        ? this.send('Fetch.fulfillRequest', {
            requestId,
            responseCode: 200,
            responseHeaders: [{ name: 'Content-Type', value: 'text/html; charset=utf-8' }],
            body: Buffer.from(html).toString('base64'),
          })
        : this.send('Fetch.failRequest', { requestId, errorReason: 'AccessDenied' });
      answer.catch((error: unknown) => loaded.reject(error as Error));
    });
    const { errorText } = await this.send('Page.navigate', { url: address });
    if (errorText !== undefined) throw new BrowserFailedError(`the page was not loaded: ${JSON.stringify(errorText)}`);
    await loaded.promise;
  }

  async picture(): Promise<Uint8Array> {
    const { data } = await this.send('Page.captureScreenshot', {
      format: 'png',
      clip: { x: 0, y: 0, ...printed, scale: 1 },
    });
    return Buffer.from(String(data), 'base64');
  }

  async print({ maximumPages, maximumBytes }: PrintLimits): Promise<Uint8Array> {
    const { stream } = await this.send('Page.printToPDF', {
      preferCSSPageSize: true,
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: footer,
      pageRanges: `1-${maximumPages + 1}`,
      generateTaggedPDF: true,
      transferMode: 'ReturnAsStream',
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for (;;) {
      const { data, base64Encoded, eof } = await this.send('IO.read', { handle: stream, size: 1 << 20 });
      const chunk = Buffer.from(String(data), base64Encoded === true ? 'base64' : 'utf8');
      chunks.push(chunk);
      bytes += chunk.length;
      if (eof === true) return Buffer.concat(chunks);
      if (bytes > maximumBytes) {
        throw new RenderRefusedError('document-too-large', `more than ${maximumBytes} bytes`);
      }
    }
  }
}
