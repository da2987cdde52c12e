import { DeadlineReachedError } from '../shared/deadline';
import { raceAbort } from '../shared/race-abort';
import type { Database } from './database';
import { classifyError, databaseUnavailable } from './failures';

/** Time budget of a request, and the pause between its attempts. */
export interface RetryPolicy {
  /** Aborts with a DeadlineReachedError when no time is left for the database. */
  readonly signal: AbortSignal;
  /** Whether the work inserts, and may wait for rows of other transactions. @default false */
  readonly locksRows?: boolean;
  /** Waits before attempt number `next`, counted from 2. */
  pause(next: number): Promise<void>;
}

/** Called after each failed attempt that is repeated. */
export type OnRetry = (error: unknown, next: number) => void;

/**
 * The one connection of an execution environment: opened when it is first needed, reused by later invocations, and
 * replaced once it has broken.
 */
export class Session {
  private current: Database | undefined;

  /** @param open returns a connection that has not been used yet */
  constructor(private readonly open: () => Database) {}

  /**
   * Runs repeatable work until it succeeds, fails permanently, or the time is over.
   *
   * @throws PublicError `DatabaseUnavailable` when time runs out, and any permanent error
   */
  async run<T>(work: (database: Database) => Promise<T>, policy: RetryPolicy, onRetry: OnRetry): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const database = (this.current ??= this.open());
      try {
        return await raceAbort(policy.signal, () => work(database));
      } catch (error) {
        const kind = error instanceof DeadlineReachedError ? 'connection-lost' : classifyError(error, policy);
        if (kind === 'connection-lost') this.discard(database);
        if (kind === 'permanent') throw error;
        if (policy.signal.aborted) throw databaseUnavailable();
        onRetry(error, attempt + 1);
        await policy.pause(attempt + 1);
      }
    }
  }

  private discard(database: Database): void {
    if (this.current === database) this.current = undefined;
    database.discard();
  }
}

/** Full jitter with a low ceiling, in milliseconds: a database that is back must be noticed within two seconds. */
export function pauseMilliseconds(next: number, random: number): number {
  return Math.ceil(random * Math.min(500, 50 * 2 ** (next - 2)));
}
