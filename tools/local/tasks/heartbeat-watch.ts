/** State that waits for a task's token, whether the task's process runs or not. */
interface AwaitedToken {
  readonly token: string;
  /** Longest time between two heartbeats, in milliseconds. */
  readonly limit: number;
  lastHeartbeat: number;
}

/** Longest time that counts between two looks at the clock, in milliseconds. */
const longestStep = 2_000;

/**
 * Fails the states whose tasks send no heartbeat, each once: the emulator does not watch them.
 *
 * Time for which the machine stands still does not count: tasks cannot send heartbeats then either.
 */
export class HeartbeatWatch {
  readonly #awaited = new Set<AwaitedToken>();
  #elapsed = 0;
  #seen: number;

  /**
   * @param fail reports the failure of a token
   * @param now milliseconds since some moment
   */
  constructor(
    private readonly fail: (token: string) => Promise<void>,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#seen = now();
  }

  /** Watches a token, and returns what is to be called at each of its heartbeats. */
  add(token: string, limitSeconds: number): () => void {
    const awaited: AwaitedToken = { token, limit: limitSeconds * 1_000, lastHeartbeat: this.elapsed() };
    this.#awaited.add(awaited);
    return () => {
      awaited.lastHeartbeat = this.elapsed();
    };
  }

  async check(): Promise<void> {
    const elapsed = this.elapsed();
    for (const awaited of this.#awaited) {
      if (elapsed - awaited.lastHeartbeat < awaited.limit) continue;
      this.#awaited.delete(awaited);
      await this.fail(awaited.token);
    }
  }

  private elapsed(): number {
    const now = this.now();
    this.#elapsed += Math.min(now - this.#seen, longestStep);
    this.#seen = now;
    return this.#elapsed;
  }
}
