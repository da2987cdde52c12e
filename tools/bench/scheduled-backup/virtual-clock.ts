/** Clock whose time passes only while all work waits for it, so that hours of waiting take no time. */
export class VirtualClock {
  /** Milliseconds since the start. */
  now = 0;
  readonly #waiting: { readonly at: number; readonly wake: () => void }[] = [];

  wait(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      const at = this.now + milliseconds;
      const before = this.#waiting.findLastIndex((one) => one.at <= at);
      this.#waiting.splice(before + 1, 0, { at, wake });
      if (this.#waiting.length === 1) setImmediate(() => this.#advance());
    });
  }

  /** Wakes the earliest; what it does next has run when the timer of the next one comes. */
  #advance(): void {
    const next = this.#waiting[0];
    if (next === undefined) return;
    this.now = next.at;
    next.wake();
    setImmediate(() => {
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      if (this.#waiting.length > 0) this.#advance();
    });
  }
}
