/** State that waits for a task's token, whether the task's process runs or not. */
interface AwaitedToken {
  readonly token: string;
  /** Longest time between two heartbeats, in milliseconds. */
  readonly limit: number;
  lastHeartbeat: number;
}

/** Fails the states whose tasks send no heartbeat, each once: the emulator does not watch them. */
export class HeartbeatWatch {
  readonly #awaited = new Set<AwaitedToken>();

  /**
   * @param fail reports the failure of a token
   * @param now milliseconds since some moment
   */
  constructor(
    private readonly fail: (token: string) => Promise<void>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Watches a token, and returns what is to be called at each of its heartbeats. */
  add(token: string, limitSeconds: number): () => void {
    const awaited: AwaitedToken = { token, limit: limitSeconds * 1_000, lastHeartbeat: this.now() };
    this.#awaited.add(awaited);
    return () => {
      awaited.lastHeartbeat = this.now();
    };
  }

  async check(): Promise<void> {
    for (const awaited of this.#awaited) {
      if (this.now() - awaited.lastHeartbeat < awaited.limit) continue;
      this.#awaited.delete(awaited);
      await this.fail(awaited.token);
    }
  }
}
