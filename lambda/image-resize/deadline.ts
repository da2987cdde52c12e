/** Thrown when a function has too little time left to go on; what is undone is done by the retry. */
export class DeadlineNear extends Error {
  override readonly name = 'DeadlineNear';
}

/** Kept free before Lambda ends the invocation, for log lines, metrics and the error's own way out (milliseconds). */
const reserve = 1_500;

/** Aborts its signal shortly before Lambda would kill the invocation, so that no request outlives it. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #end: number;

  constructor(remainingMilliseconds: number) {
    const budget = Math.max(0, remainingMilliseconds - reserve);
    this.#end = performance.now() + budget;
    this.#timer = setTimeout(() => {
      this.#controller.abort(
        new DeadlineNear(`stopped ${reserve} ms before the timeout: give the function more memory or time`),
      );
    }, budget);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get remainingMilliseconds(): number {
    return Math.max(0, this.#end - performance.now());
  }

  /**
   * Gives up waiting when the deadline comes.
   *
   * Aborted requests end by themselves; decoding, and the SDK's pause before it repeats a request, do not.
   */
  async orStop<T>(start: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    let stop: (() => void) | undefined;
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(this.signal.reason as DeadlineNear);
      this.signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([start(), stopped]);
    } finally {
      if (stop) this.signal.removeEventListener('abort', stop);
    }
  }

  /** Must be called at the end, or the timer would fire in the next invocation. */
  clear(): void {
    clearTimeout(this.#timer);
  }
}
