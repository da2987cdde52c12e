/** Thrown into work that is still under way when the function has to return. */
export class DeadlineReached extends Error {
  override readonly name = 'DeadlineReached';
}

/** Kept free for what a failed message needs afterwards, its reason and its delay, and for the return (milliseconds). */
const workReserve = 1_500;

/** Kept free for the return itself: log lines, metrics, the response (milliseconds). */
const returnReserve = 750;

/**
 * The end of an invocation in three steps: no more messages are taken, work is cut off, the function returns.
 *
 * So a batch is never lost to the timeout, which would count a receive against every message of it.
 */
export class Deadline {
  readonly #work = new AbortController();
  readonly #return = new AbortController();
  readonly #timers: readonly NodeJS.Timeout[];

  /**
   * @param remaining milliseconds until Lambda ends the invocation, as the context tells
   * @param safetyMargin milliseconds before the end from which no message is taken any more; above 1,500
   */
  constructor(
    private readonly remaining: () => number,
    private readonly safetyMargin: number,
  ) {
    const abort = (controller: AbortController): void =>
      controller.abort(new DeadlineReached('the function has to return: give it more time, or smaller batches'));
    this.#timers = [
      setTimeout(() => abort(this.#work), Math.max(0, remaining() - workReserve)),
      setTimeout(() => abort(this.#return), Math.max(0, remaining() - returnReserve)),
    ];
  }

  /** Whether another message may be taken. */
  get hasTime(): boolean {
    return this.remaining() >= this.safetyMargin;
  }

  /** Aborts when work on a message has to stop. */
  get work(): AbortSignal {
    return this.#work.signal;
  }

  /** Aborts when the function has to return, whatever is still under way. */
  get return(): AbortSignal {
    return this.#return.signal;
  }

  /** Must be called at the end, or the timers would fire in the next invocation. */
  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

/**
 * Gives up waiting when the signal aborts, for work that may not notice it in time.
 *
 * @throws what the signal was aborted with
 */
export async function orStop<T>(signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([start(), stopped]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}
