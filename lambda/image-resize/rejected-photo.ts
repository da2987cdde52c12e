import type { RejectionReason } from './manifest';

/** A photo that can never become pictures, however often it is tried: recorded once, never retried. */
export class RejectedPhoto extends Error {
  override readonly name = 'RejectedPhoto';

  /** `message` is a sentence for the person who uploaded the photo; it names nothing of the software behind. */
  constructor(
    readonly reason: RejectionReason,
    message: string,
  ) {
    super(message);
  }
}
