/** Reasons for which a request is never rendered, however often it is tried. Operators see them with the failed message. */
export const refusals = [
  'malformed',
  'unknown-template',
  'data-missing',
  'data-too-large',
  'data-not-json',
  'data-incomplete',
  'no-font',
  'too-many-pages',
  'document-too-large',
  'out-of-memory',
  'out-of-time',
  'browser-failed',
  'task-failed',
] as const;

export type Refusal = (typeof refusals)[number];

/** Request that no further attempt can render. Details name fields and sizes, never values of the data. */
export class RenderRefusedError extends Error {
  override readonly name = 'RenderRefusedError';

  constructor(
    readonly reason: Refusal,
    readonly detail: string,
  ) {
    super(`${reason}: ${detail}`);
  }
}

/** Another attempt renders the same document at the moment. */
export class RenderBusyError extends Error {
  override readonly name = 'RenderBusyError';

  constructor(readonly retrySeconds: number) {
    super(`another attempt renders this document: it is tried again in ${retrySeconds} s`);
  }
}

/** The browser did not finish in time and was killed. */
export class RenderTimeoutError extends Error {
  override readonly name = 'RenderTimeoutError';
}

/** The browser could not be started, or ended while it worked. */
export class BrowserFailedError extends Error {
  override readonly name = 'BrowserFailedError';
}

/** The browser could not be unpacked in time, which says nothing about the document. */
export class BrowserNotReadyError extends Error {
  override readonly name = 'BrowserNotReadyError';
}

/** Whether a document is too much for the function, and for any further attempt of it. */
export function outgrows(error: unknown): boolean {
  return (
    error instanceof RenderTimeoutError ||
    (error instanceof RenderRefusedError && ['too-many-pages', 'out-of-memory'].includes(error.reason))
  );
}

/** Receives from which a document is given up that the browser did not finish, or did not survive: it would do so again. */
const lastBrowserAttempt = 3;

/** Returns the refusal that an error amounts to, or undefined if the request is tried again. */
export function refusalOf(error: unknown, receives: number): RenderRefusedError | undefined {
  if (error instanceof RenderRefusedError) return error;
  if (receives < lastBrowserAttempt) return undefined;
  if (error instanceof RenderTimeoutError) return new RenderRefusedError('out-of-time', error.message);
  if (error instanceof BrowserFailedError) return new RenderRefusedError('browser-failed', error.message);
  return undefined;
}
