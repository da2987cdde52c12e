import type { RejectionReason } from './manifest';

/** A photo that can never be resized, however often it is tried: recorded once, never retried. */
export class RejectedPhoto extends Error {
  override readonly name = 'RejectedPhoto';

  /** `message` is a sentence for the person who uploaded the photo; it names no software. */
  constructor(
    readonly reason: RejectionReason,
    message: string,
  ) {
    super(message);
  }
}

/** Thrown where the machine, not the photo, may be at fault: another attempt can succeed. */
export class ResizeFailed extends Error {
  override readonly name = 'ResizeFailed';
}

/**
 * Messages of libvips, the codecs and sharp about an exhausted resource.
 *
 * A hostile photo can provoke these too. That costs two retries and a message in the failures queue. The opposite mistake
 * would report a good photo as damaged and never try it again.
 */
const resourceExhausted = /memory|alloc|thread|timed? ?out|too many open files/i;

/**
 * Classifies why the bytes of a photo, all in memory, could not be decoded.
 *
 * Decoding reads nothing but those bytes, so an error that is not about resources would repeat on every attempt.
 */
export function classifyDecodeError(error: unknown): RejectedPhoto | ResizeFailed {
  const detail = error instanceof Error ? error.message : String(error);
  if (resourceExhausted.test(detail)) {
    return new ResizeFailed(`the photo could not be decoded: ${oneLine(detail)}`, { cause: error });
  }
  return corrupt();
}

export function corrupt(): RejectedPhoto {
  return new RejectedPhoto('corrupt', 'The file is damaged or incomplete: upload it again, or export it anew.');
}

/** Wraps an error that occurred after decoding, which is never the photo's fault. */
export function renderError(error: unknown): ResizeFailed {
  const detail = error instanceof Error ? error.message : String(error);
  return new ResizeFailed(`the photo could not be resized: ${oneLine(detail)}`, { cause: error });
}

/** libvips joins several messages with line breaks. */
function oneLine(text: string): string {
  return text
    .trim()
    .replaceAll(/\s*\n\s*/g, '; ')
    .slice(0, 300);
}
