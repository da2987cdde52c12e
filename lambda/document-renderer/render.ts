import type { PrintLimits, RenderedPage } from './browser/print-page';
import { pageOf, pageVersion, type Template } from './page';
import { pagesOf } from './pdf';
import { RenderBusyError, RenderRefusedError } from './render-errors';
import { renderHash } from './render-hash';
import { parseData, type RenderRequest } from './request';

/** A stored document: the object of its PDF and that of its first page's picture. */
export interface Document {
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  readonly pages: number;
  readonly bytes: number;
  readonly thumbnail: { readonly key: string; readonly version: string };
}

/** Event for every request whose document is there. Presigned links are the receiver's to make: they end with its credentials. */
export interface RenderedEvent extends Document {
  readonly requestId: string;
  readonly renderHash: string;
}

export type Claim =
  | { readonly state: 'claimed' }
  | { readonly state: 'done'; readonly document: Document }
  | { readonly state: 'busy'; readonly secondsLeft: number };

/** State of every document, by its hash. */
export interface Renders {
  /** Takes the document for this attempt, unless it is done or another attempt's lease lasts. */
  claim(hash: string): Promise<Claim>;
  /** Records the document; false if this attempt's lease was taken over, whose document then counts. */
  finish(hash: string, document: Document): Promise<boolean>;
  /** Ends this attempt's lease, so that the next need not wait for it. */
  release(hash: string): Promise<void>;
}

export interface RenderDependencies {
  readonly limits: PrintLimits;
  /** Version of the browser and its fonts. */
  readonly engine: string;
  readonly templateOf: (template: string, version: number) => Template;
  readonly readInput: (key: string) => Promise<string>;
  readonly renders: Renders;
  readonly print: (html: string, limits: PrintLimits) => Promise<RenderedPage>;
  readonly store: (hash: string, page: RenderedPage, pages: number) => Promise<Document>;
  readonly publish: (event: RenderedEvent) => Promise<void>;
}

/**
 * Renders the document of a request, unless one with the same template, data and browser is there, and publishes it.
 *
 * @throws RenderRefusedError, RenderBusyError, and errors that a later attempt may clear
 */
export async function renderDocument(
  request: RenderRequest,
  dependencies: RenderDependencies,
): Promise<'rendered' | 'reused'> {
  const { templateOf, readInput, engine, renders, publish } = dependencies;
  const { requestId, template, version } = request;
  const source = templateOf(template, version);
  const data = 'data' in request ? request.data : parseData(await readInput(request.dataKey));
  const hash = renderHash({ template, version, source: source.source, engine: engine + pageVersion, data });
  const claim = await renders.claim(hash);
  if (claim.state === 'busy') throw new RenderBusyError(claim.secondsLeft);
  if (claim.state === 'done') {
    await publish({ requestId, renderHash: hash, ...claim.document });
    return 'reused';
  }
  try {
    const document = await renderAndStore(hash, pageOf(source, data), dependencies);
    // The lease was taken over: the request is tried again, and finds that attempt's document.
    if (!(await renders.finish(hash, document))) throw new RenderBusyError(1);
    await publish({ requestId, renderHash: hash, ...document });
    return 'rendered';
  } catch (error) {
    // Best effort: without it the next attempt waits for the lease. It releases nothing that is done.
    await renders.release(hash).catch(() => undefined);
    throw error;
  }
}

async function renderAndStore(hash: string, html: string, dependencies: RenderDependencies): Promise<Document> {
  const { limits, print, store } = dependencies;
  const page = await print(html, limits);
  const pages = pagesOf(page.pdf);
  if (pages > limits.maximumPages) {
    throw new RenderRefusedError('too-many-pages', `more than ${limits.maximumPages} pages`);
  }
  if (page.pdf.length > limits.maximumBytes) {
    throw new RenderRefusedError('document-too-large', `${page.pdf.length} bytes, at most ${limits.maximumBytes}`);
  }
  return store(hash, page, pages);
}
