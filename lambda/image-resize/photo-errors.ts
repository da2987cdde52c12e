import type { RejectionReason } from './manifest';

/** A photo that can never be resized, however often it is tried: recorded once, never retried. */
export class RejectedPhoto extends Error {
  override readonly name = 'RejectedPhoto';

  /** `message` is a sentence for the person who uploaded the photo; it names no software. `cause` is for the log. */
  constructor(
    readonly reason: RejectionReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Thrown where the machine, not the photo, may be at fault: another attempt can succeed. */
export class ResizeFailed extends Error {
  override readonly name = 'ResizeFailed';
}

/**
 * Messages about a resource of the machine that was exhausted: of libvips, glib, the operating system and sharp.
 *
 * "memory" alone does not tell: libheif and libtiff refuse files that claim too much as a failed allocation.
 */
const resourceExhausted =
  /vips_tracked: out of memory|memory allocation error(?!: security limit)|(unable to create|error creating) thread|too many open files|^timeout: \d+% complete/i;

/** Messages about a sound encoding that the decoders of sharp's prebuilt packages lack. */
const encodingUnsupported =
  /is not configured|not implemented|not supported|unsupported (tiff image type|jpeg|codec|feature)|no known route from|bad labq format|not a whole number of bytes|exceeds channel limit/i;

/** Messages about arguments and encoders, in a pipeline that decodes and encodes at once. */
const encodingFailed = /^expected |\w+save(_buffer|_target)?:/i;

/**
 * Classifies why the bytes of a photo, all in memory, could not be decoded.
 *
 * Decoding reads nothing but those bytes, so an error that is not about a resource would repeat on every attempt.
 */
export function classifyDecodeError(error: unknown): RejectedPhoto | ResizeFailed {
  if (error instanceof RejectedPhoto) return error;
  const detail = messageOf(error);
  if (resourceExhausted.test(detail)) {
    return new ResizeFailed(`the photo could not be decoded: ${oneLine(detail)}`, { cause: error });
  }
  if (encodingFailed.test(detail)) return notProcessable(error);
  return encodingUnsupported.test(detail) ? unsupportedEncoding(error) : corrupt(error);
}

/**
 * Classifies an error after decoding: of a resource, or of this software, which is not the photo's fault and which no retry
 * fixes either.
 */
export function classifyRenderError(error: unknown): RejectedPhoto | ResizeFailed {
  const detail = messageOf(error);
  if (resourceExhausted.test(detail)) {
    return new ResizeFailed(`the photo could not be resized: ${oneLine(detail)}`, { cause: error });
  }
  return notProcessable(error);
}

function notProcessable(cause: unknown): RejectedPhoto {
  return new RejectedPhoto('not-processable', 'The photo could not be processed: export it in another format.', {
    cause,
  });
}

export function corrupt(cause?: unknown): RejectedPhoto {
  const message = 'The file is damaged or incomplete: upload it again, or export it anew.';
  return new RejectedPhoto('corrupt', message, cause === undefined ? {} : { cause });
}

export function unsupportedEncoding(cause?: unknown): RejectedPhoto {
  const message = 'The file is not damaged, but encoded in a way that is not supported: export it as JPEG or PNG.';
  return new RejectedPhoto('unsupported-encoding', message, cause === undefined ? {} : { cause });
}

/** Returns an error's message in one line of at most 300 characters: libvips joins several with line breaks. */
export function oneLine(text: string): string {
  return text
    .trim()
    .replaceAll(/\s*\n\s*/g, '; ')
    .slice(0, 300);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
