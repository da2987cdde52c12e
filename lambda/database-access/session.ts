import type { Database } from './database';
import { databaseUnavailable, kindOf } from './failures';

/** How long a request may go on, and what is waited between attempts. */
export interface Patience {
  /** Milliseconds that are left for the database. */
  remaining(): number;
  /** Waits before attempt number `next`, counted from 2. */
  pause(next: number): Promise<void>;
}

/** Told of each attempt that failed and is made again. */
export type OnRetry = (error: unknown, next: number) => void;

/**
 * The one connection of an execution environment: made when it is first needed, used again by the next invocations, and
 * made anew once it has broken.
 */
export class Session {
  private current: Database | undefined;

  /** @param open makes a connection that is not used yet */
  constructor(private readonly open: () => Database) {}

  /**
   * Does work that may be done again, until it is done or the time is over.
   *
   * @throws TellableError `DatabaseUnavailable` when time runs out, and whatever fails for good
   */
  async run<T>(work: (database: Database) => Promise<T>, patience: Patience, onRetry: OnRetry): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const database = (this.current ??= this.open());
      try {
        return await within(patience.remaining(), () => work(database));
      } catch (error) {
        const kind = error instanceof OutOfTime ? 'lost' : kindOf(error);
        if (kind === 'lost') this.discard(database);
        if (kind === 'permanent') throw error;
        if (error instanceof OutOfTime || patience.remaining() <= 0) throw databaseUnavailable();
        onRetry(error, attempt + 1);
        await patience.pause(attempt + 1);
      }
    }
  }

  private discard(database: Database): void {
    if (this.current === database) this.current = undefined;
    database.discard();
  }
}

class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

async function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutOfTime('no time is left')), Math.max(0, milliseconds));
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Full jitter up to a ceiling that is low: a database that has come back is to be found within two seconds. */
export function pauseMilliseconds(next: number, random: number): number {
  return Math.ceil(random * Math.min(500, 50 * 2 ** (next - 2)));
}
