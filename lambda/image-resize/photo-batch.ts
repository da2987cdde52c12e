import type { Settled } from './convergence';
import type { TouchedPhoto } from './s3-event';

/** A photo of an event, and how it ended. */
export type PhotoReport = TouchedPhoto & { readonly milliseconds: number } & (
    | { readonly result: (Settled & { readonly rounds: number }) | { readonly outcome: 'key-too-long' } }
    | { readonly failure: unknown }
  );

/** Thrown when photos of an event could not be settled, so that Lambda delivers the event again. */
export class PhotosFailed extends AggregateError {
  override readonly name = 'PhotosFailed';
}

/**
 * Settles the photos of an event one after the other and reports each; a photo that fails stops no other.
 *
 * Throws `PhotosFailed` at the end if one failed: the retry finds the others settled.
 */
export async function settleAll(
  photos: readonly TouchedPhoto[],
  settleOne: (photo: TouchedPhoto) => Promise<Extract<PhotoReport, { result: unknown }>['result']>,
  report: (photo: PhotoReport) => void,
  now: () => number,
): Promise<void> {
  const failures: unknown[] = [];
  for (const photo of photos) {
    const start = now();
    try {
      const result = await settleOne(photo);
      report({ ...photo, milliseconds: now() - start, result });
    } catch (failure) {
      failures.push(failure);
      report({ ...photo, milliseconds: now() - start, failure });
    }
  }
  if (failures.length > 0) {
    const reasons = [...new Set(failures.map(describe))].join('; ');
    throw new PhotosFailed(
      failures,
      `${failures.length} of ${photos.length} photos failed and are tried again: ${reasons}`,
    );
  }
}

function describe(failure: unknown): string {
  return failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure);
}
