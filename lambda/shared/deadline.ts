/** Thrown into work that is still under way when an invocation has to end. */
export class DeadlineReachedError extends Error {
  override readonly name = 'DeadlineReachedError';
}

/**
 * End of an invocation's time.
 *
 * Its timers are never cleared. They do not keep the process alive. One that comes due while Lambda has frozen the
 * environment fires in a later invocation, whenever that is, but aborts only the signal of its own invocation: whoever
 * still listens to that was left unfinished and has to stop. Until then a signal keeps some 350 bytes.
 */
export class Deadline {
  readonly #remaining: () => number;

  /** @param remaining milliseconds until Lambda ends the invocation: `() => context.getRemainingTimeInMillis()` */
  constructor(remaining: () => number) {
    this.#remaining = remaining;
  }

  /** Milliseconds until Lambda ends the invocation; 0 or more. */
  get remainingMilliseconds(): number {
    return Math.max(0, this.#remaining());
  }

  hasTimeLeft(milliseconds: number): boolean {
    return this.#remaining() >= milliseconds;
  }

  /**
   * Returns a signal that aborts with a DeadlineReachedError so long before the end, or is aborted if that is over.
   *
   * @param reserveMilliseconds what the rest of the invocation needs: what is written afterwards, metrics, the response
   */
  signalBefore(reserveMilliseconds: number): AbortSignal {
    const controller = new AbortController();
    const abort = (): void =>
      controller.abort(
        new DeadlineReachedError(
          `stopped ${reserveMilliseconds} ms before the invocation's end: give the function more time or memory, or less work`,
        ),
      );
    const milliseconds = this.#remaining() - reserveMilliseconds;
    if (milliseconds > 0) setTimeout(abort, milliseconds).unref();
    else abort();
    return controller.signal;
  }
}
