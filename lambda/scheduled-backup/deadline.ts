/** The share of an invocation's time in which work is begun: below the 80 % at which a function counts as slow. */
const workingShare = 0.75;

/** What is kept back to say that time has run out, in milliseconds. */
const reserve = 3_000;

/** What even that leaves to the function's own end, in milliseconds. */
const lastReserve = 500;

/** The end of an invocation's time: no work is begun after three quarters of it, and requests are ended just before it. */
export class Deadline {
  readonly signal: AbortSignal;
  /** For what is written down once time has run out. */
  readonly lastSignal: AbortSignal;
  readonly #end: number;
  readonly #now: () => number;

  constructor(remainingMilliseconds: number, now: () => number = Date.now) {
    this.#now = now;
    this.#end = now() + remainingMilliseconds * workingShare;
    const endedBefore = (left: number) => AbortSignal.timeout(Math.max(1, Math.floor(remainingMilliseconds - left)));
    this.signal = endedBefore(reserve);
    this.lastSignal = endedBefore(lastReserve);
  }

  get hasTime(): boolean {
    return this.#now() < this.#end;
  }
}
