/** The share of an invocation's time in which work is begun: below the 80 % at which a function counts as slow. */
const workingShare = 0.75;

/** What is kept back to say that time has run out, in milliseconds. */
const reserve = 3_000;

/** The end of an invocation's time: no work is begun after three quarters of it, and requests are ended just before it. */
export class Deadline {
  readonly signal: AbortSignal;
  readonly #end: number;
  readonly #now: () => number;

  constructor(remainingMilliseconds: number, now: () => number = Date.now) {
    this.#now = now;
    this.#end = now() + remainingMilliseconds * workingShare;
    this.signal = AbortSignal.timeout(Math.max(1, Math.floor(remainingMilliseconds - reserve)));
  }

  get hasTime(): boolean {
    return this.#now() < this.#end;
  }
}
