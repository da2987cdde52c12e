import { RejectedPhoto } from './rejected-photo';

/** Thrown where the machine, and not the photo, may be at fault: another attempt can succeed. */
export class ResizeFailed extends Error {
  override readonly name = 'ResizeFailed';
}

/**
 * What libvips, the codecs and sharp say when a resource ran out.
 *
 * A hostile photo can provoke these too. That costs two retries and a message in the failures queue, whereas the other
 * mistake would tell somebody that a good photo is broken, and never try it again.
 */
const resourceRanOut = /memory|alloc|thread|timed? ?out|too many open files/i;

/**
 * Judges why the bytes of a photo, all in memory, could not be decoded.
 *
 * Decoding reads nothing but those bytes, so whatever is not about resources would fail again in the same way.
 */
export function decodingFailure(error: unknown): RejectedPhoto | ResizeFailed {
  const detail = error instanceof Error ? error.message : String(error);
  if (resourceRanOut.test(detail)) {
    return new ResizeFailed(`the photo could not be decoded: ${oneLine(detail)}`, { cause: error });
  }
  return corrupt();
}

export function corrupt(): RejectedPhoto {
  return new RejectedPhoto('corrupt', 'The file is damaged or incomplete: upload it again, or export it anew.');
}

/** Wraps what goes wrong once a photo is decoded, which is never the photo's fault. */
export function resizeFailure(error: unknown): ResizeFailed {
  const detail = error instanceof Error ? error.message : String(error);
  return new ResizeFailed(`the photo could not be resized: ${oneLine(detail)}`, { cause: error });
}

/** libvips stacks up its complaints, one a line. */
function oneLine(text: string): string {
  return text
    .trim()
    .replaceAll(/\s*\n\s*/g, '; ')
    .slice(0, 300);
}
